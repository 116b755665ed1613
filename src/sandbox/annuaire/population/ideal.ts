/**
 * The ideal reader: what somebody who reads the API every day, after its night, could know on a day. It is the measure
 * that a held directory is compared with; it shares no code with any client.
 */
import { hash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { AnyResource } from '../../../fhir/types.ts';
import { type Population, type ServedType, servedTypes } from './types.ts';

/**
 * - `active`: shown today as active;
 * - `closed`: shown last as closed (stub with `active=false`, a device with `status=inactive`), whether the stub is still
 *   shown or forgotten since;
 * - `gone-certain`: shown last as active, and at least two complete readings since did not show it;
 * - `gone-unproven`: shown last as active, no longer shown, and fewer complete readings than two could tell.
 */
export type IdealState = 'active' | 'closed' | 'gone-certain' | 'gone-unproven';

export type IdealRecord = {
  type: ServedType;
  /** `system|value`: idNatPs, situation d'exercice, idNatSt, ARHGOS number. */
  key: string;
  state: IdealState;
  /**
   * SHA-256, lower-case hexadecimal, of the RFC 8785 canonical JSON of the resource as the API showed it last, without
   * `meta.versionId` and `meta.lastUpdated`. Everything else is in it: `id`, `language`, the rest of `meta`, references.
   */
  digest: string;
  /** Number of the last day it was shown. */
  lastSeen: number;
  /** The resource as shown last, for readers who keep another digest. */
  resource(): AnyResource;
};

export type IdealOptions = {
  /** Number of the first day of reading; the population's first day without it. */
  from?: number;
  /** On which days the reading was a complete one; every day without it. */
  complete?: (day: number) => boolean;
  /**
   * Only what may have another state or digest than at the end of this day (by number), and perhaps some that have not:
   * laid over what was known then, it gives what is known today. Everything without it.
   */
  since?: number;
  /** Digests told before, by the caller kept from one reading to the next: most records stay as they were. */
  told?: Map<string, Told>;
};

/** What was told of a record, as long as it stands as it did. */
export type Told = { stamp: string; digest: string; closed: boolean };

/** Everything known today, in order of type (as text) and key (by UTF-16 code unit). */
export async function* idealReader(
  population: Population,
  { from = population.startNumber, complete = () => true, since = -1, told }: IdealOptions = {},
): AsyncGenerator<IdealRecord> {
  for (const type of [...servedTypes].sort()) {
    const known: { key: string; index: number }[] = [];
    for (let index = 0; index < population.count(type); index += 1) {
      const { shown, gone, written } = population.span(type, index);
      const everSeen = shown <= population.dayNumber && gone > from && gone > shown;
      // What is gone goes on changing its state until two proofs have come in.
      const settled = gone <= since && stateSince(gone - 1, since, complete) === 'gone-certain';
      const mayDiffer = written > since || shown > since || (gone <= population.dayNumber && !settled);
      if (everSeen && mayDiffer) known.push({ key: population.key(type, index), index });
    }
    known.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.index - b.index));
    for (const { key, index } of known) yield recordOf(population, type, key, index, complete, told);
  }
}

function recordOf(
  population: Population,
  type: ServedType,
  key: string,
  index: number,
  complete: (day: number) => boolean,
  told: Map<string, Told> | undefined,
): IdealRecord {
  const today = population.dayNumber;
  const { gone, stamp } = population.span(type, index);
  const lastSeen = Math.min(today, gone - 1);
  const name = `${type}/${index}`;
  const before = told?.get(name);
  const now = before?.stamp === stamp ? before : tell(population.lastServed(type, index), stamp);
  if (now !== before) told?.set(name, now);
  return {
    type,
    key,
    state: now.closed ? 'closed' : stateSince(lastSeen, today, complete),
    digest: now.digest,
    lastSeen,
    resource: () => population.lastServed(type, index),
  };
}

function tell(resource: AnyResource, stamp: string): Told {
  return { stamp, digest: contentDigest(resource), closed: isClosed(resource) };
}

function isClosed(resource: AnyResource): boolean {
  return resource['active'] === false || resource['status'] === 'inactive';
}

function stateSince(lastSeen: number, today: number, complete: (day: number) => boolean): IdealState {
  if (lastSeen === today) return 'active';
  let missed = 0;
  for (let day = lastSeen + 1; day <= today && missed < 2; day += 1) if (complete(day)) missed += 1;
  return missed === 2 ? 'gone-certain' : 'gone-unproven';
}

/** The digest described at `IdealRecord.digest`. */
export function contentDigest(resource: AnyResource): string {
  const { versionId: _version, lastUpdated: _instant, ...meta } = resource.meta ?? {};
  return hash('sha256', canonicalize({ ...resource, meta }) ?? '', 'hex');
}
