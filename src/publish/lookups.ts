import type { ServerConfig } from '../config.ts';
import { nameOf } from '../change/states.ts';
import { sharedTenant, visibleTenants } from '../delivery/shared-tenant.ts';
import type { Issue } from '../fhir/issue.ts';
import { isGatewayError } from '../fhir/error.ts';
import type { Repositories } from '../store/store.ts';
import { merged, networksAt } from './desired-state.ts';
import { foreignMatches, type Match, ownCopyId } from './foreign.ts';
import type { MappedNetwork, PublishParts, ResourceName, Wanted } from './types.ts';

/** What a server was found to have of its own; what was not asked is missing, for the reason in `issue`. */
export type Lookup = { matches: Map<ResourceName, Match[]>; issue?: Issue };

/** Asks a server for the directory copies it may not need. One that cannot be asked is told as an issue. */
export async function lookUp(
  {
    store,
    servers,
  }: Pick<PublishParts, 'servers'> & { store: Pick<Repositories, 'deployed' | 'references'> },
  tenant: string,
  config: ServerConfig,
  networks: readonly MappedNetwork[],
  refresh: boolean,
): Promise<Lookup> {
  const { wanted } = merged(networksAt(config, networks));
  const references = await store.references.list(visibleTenants(tenant), config.id);
  const deployed = await store.deployed.list([sharedTenant], config.id);
  const known = new Set([
    ...deployed.map(nameOf),
    ...(refresh ? [] : references.filter((row) => !row.ours).map(nameOf)),
  ]);
  const unknown = [...wanted.values()].filter((one) => isCopy(one) && !known.has(nameOf(one)));
  const ours = new Set([
    ...references.filter((row) => row.ours).map((row) => `${row.type}/${row.localId}`),
    ...(config.ids === 'client' ? unknown.map((one) => `${one.type}/${ownCopyId(one)}`) : []),
  ]);
  if (unknown.length === 0) return { matches: new Map() };
  try {
    const server = servers.get(config.id)!;
    return { matches: await foreignMatches(server, unknown, (type, id) => ours.has(`${type}/${id}`)) };
  } catch (error) {
    if (!isGatewayError(error)) throw error;
    return { matches: new Map(), issue: unasked(error.message) };
  }
}

/** Is this a stand-in for what the server may have itself? */
export function isCopy(wanted: Wanted): boolean {
  return wanted.class === 'directory-copy';
}

/** Rule of the issue that says a server could not be asked. */
export const unaskedRule = 'look-first';

function unasked(message: string): Issue {
  return {
    severity: 'error',
    code: 'transient',
    rule: unaskedRule,
    message: `${message} Ce qu’il a déjà n’a pas pu être vérifié : ce qui en dépend n’est pas publié.`,
  };
}
