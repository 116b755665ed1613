/** Who may speak for which identifiers (P-14): a source is believed about what its configuration names. */
import { createHash } from 'node:crypto';
import type { Issue } from '../fhir/issue.ts';
import { type BusinessKey, splitKey } from '../fhir/key.ts';
import type { ReadRecord, RecordKind } from './types.ts';

/** `rules`: `system` or `system|beginning of the value`; none: anything. `own`: the system of the source's own ids. */
export type Authority = { rules: readonly string[]; own?: string };

export function maySpeakFor(key: BusinessKey, { rules, own }: Authority): boolean {
  const { system } = splitKey(key);
  if (rules.length === 0 || system === own) return true;
  return rules.some((rule) => (rule.includes('|') ? key.startsWith(rule) : system === rule));
}

/**
 * The record found by those of its other identifiers only that the source may speak for: by a number of somebody else's it
 * would be taken for theirs. Its hash tells that they were left out, so that a change of the rules changes what is held.
 */
export function withinAuthority(record: ReadRecord, authority: Authority): ReadRecord {
  const { identifiers, ...facts } = record.facts;
  const foreign = identifiers?.filter((key) => !maySpeakFor(key, authority)) ?? [];
  if (foreign.length === 0) return record;
  const own = identifiers!.filter((key) => !foreign.includes(key));
  const digest = createHash('sha256').update(record.hash).update(foreign.join('\n')).digest();
  return {
    ...record,
    hash: digest.subarray(0, record.hash.length),
    facts: own.length ? { ...facts, identifiers: own } : facts,
  };
}

/** Records that were not taken: how many, and why. */
export function refusedIssue(kind: RecordKind, count: number): Issue {
  return {
    ...{ severity: 'warning', code: 'forbidden', rule: 'authority', expression: `${kind}.identifier` },
    message: `${count} fiche(s) ${kind} dont cette source n’a pas autorité (« authority ») : elles ne sont pas tenues.`,
  };
}
