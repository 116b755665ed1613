import { nameOf } from '../change/states.ts';
import { sharedTenant } from '../delivery/shared-tenant.ts';
import type { Issue } from '../fhir/issue.ts';
import { isCopy } from './lookups.ts';
import type { Ground, ServerWork } from './server-work.ts';
import type { Wanted } from './types.ts';

/** True when the server has it under its own name, or may have it: then it is not ours to write. Told in `result`. */
export function isThere(
  one: Wanted,
  { serverId, differences, lookup }: Pick<Ground, 'serverId' | 'differences' | 'lookup'>,
  result: ServerWork,
): boolean {
  const name = nameOf(one);
  const { row, foreign } = differences.compared.get(name)!;
  if (!isCopy(one) || row?.tenant === sharedTenant) return false;
  const unchanged = (): true => {
    result.unchanged[one.networks[0]!] = (result.unchanged[one.networks[0]!] ?? 0) + 1;
    return true;
  };
  const matches = lookup.matches.get(name);
  if (!matches && foreign) return unchanged();
  if (!matches) {
    result.blocked.push({ resource: one, reason: 'Le serveur n’a pas pu dire s’il l’a déjà.' });
    return true;
  }
  const [match, ...others] = matches;
  const { type, key } = one;
  if (!match) {
    if (foreign) result.stale.push({ tenant: foreign.tenant, serverId, type, key });
    return false;
  }
  if (others.length > 0) {
    result.issues.push(twin(one, matches.length));
    result.blocked.push({ resource: one, reason: 'Le serveur l’a en plusieurs exemplaires.' });
    return true;
  }
  if (foreign?.localId !== match.localId)
    result.found.push({
      ...{ tenant: sharedTenant, serverId, type, key, localId: match.localId },
      ...{ versionId: match.versionId ?? null, lastUpdated: null, ours: false },
    });
  return unchanged();
}

/** Several resources under one identifier: a person has to tell them apart. */
export function twin(one: Wanted, count: number): Issue {
  return {
    severity: 'warning',
    code: 'multiple-matches',
    rule: 'twin',
    message: `${one.type} ${one.key} : le serveur en a ${count} exemplaires ; l’établissement doit dire lequel compte.`,
  };
}
