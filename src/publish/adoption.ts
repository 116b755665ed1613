/** Somebody at the hospital typed, before us, what is ours by its key: it becomes ours only when a person says so. */
import { bodyHash } from '../change/links.ts';
import type { Issue } from '../fhir/issue.ts';
import type { DeployedResource } from '../store/deployed.ts';
import type { Adoptable } from './lookups.ts';
import type { Ground, ServerWork, Work } from './server-work.ts';
import { twin } from './there.ts';
import type { Wanted } from './types.ts';

/** Adoption of the one match; several are for a person at the hospital. `before` keeps the earlier version for undo. */
export function adoption(
  resource: Wanted,
  matches: readonly Adoptable[],
  { tenant, serverId }: Pick<Ground, 'tenant' | 'serverId'>,
): { work?: Work; blocked?: ServerWork['blocked'][number]; issue?: Issue } {
  const [match, ...others] = matches as [Adoptable, ...Adoptable[]];
  if (others.length > 0) {
    const blocked = { resource, reason: 'Le serveur l’a en plusieurs exemplaires.' };
    return { blocked, issue: twin(resource, matches.length) };
  }
  const { type, key } = resource;
  const was = match.earlier ?? match.body;
  const before: DeployedResource = {
    ...{ tenant, serverId, type, key, class: 'adopted', active: true, networks: [] },
    ...{ hash: match.earlier ? bodyHash(was) : match.hash, body: was, runId: '', deployedAt: new Date(0) },
  };
  return { work: { op: 'adopt', resource, active: true, before, adopts: match } };
}
