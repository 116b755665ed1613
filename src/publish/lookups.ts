import type { ServerConfig } from '../config.ts';
import { actualForm, localLinks, mapLinks } from '../change/links.ts';
import { nameOf } from '../change/states.ts';
import { sharedTenant, visibleTenants } from '../delivery/shared-tenant.ts';
import { isGatewayError } from '../fhir/error.ts';
import type { Issue } from '../fhir/issue.ts';
import { contentHash } from '../fhir/normal.ts';
import { parseLocalReference, referenceTo } from '../fhir/references.ts';
import type { AnyResource } from '../fhir/types.ts';
import { isUnsearchable } from '../delivery/search-by.ts';
import type { FhirServer } from '../server/types.ts';
import type { Repositories } from '../store/store.ts';
import type { Differences } from './compare.ts';
import { asked, foreignMatches, type Match, ownId } from './foreign.ts';
import { type Queued, queued } from './queued.ts';
import type { PublishParts, ResourceName } from './types.ts';

/** Somebody's own resource under a key of ours, as it stands there; links by business key where they are known. */
export type Adoptable = {
  localId: string;
  versionId: string | undefined;
  body: AnyResource;
  hash: string;
  /** What stood there before an adoption of ours whose answer was lost. */
  earlier?: AnyResource;
};

/** What a server was found to have of its own; what was not asked is missing, for a reason in `issues`. */
export type Lookup = {
  /** By directory copy. */
  matches: Map<ResourceName, Match[]>;
  /** By resource of ours. */
  adoptable: Map<ResourceName, Adoptable[]>;
  /** All that needs no look any more: what the server was asked for. */
  asked: Set<ResourceName>;
  /** What could not be asked, and that is minded or not. */
  issues: Issue[];
};

type Parts = Pick<PublishParts, 'servers'> & { store: Pick<Repositories, 'references' | 'runs'> };

/** Asks a server for what it may have already of all that would be created. One that cannot be asked is told as an issue. */
export async function lookUp(
  { store, servers }: Parts,
  tenant: string,
  config: ServerConfig,
  { compared, wanted, references, open }: Differences,
  refresh: boolean,
): Promise<Lookup> {
  const lookup: Lookup = { matches: new Map(), adoptable: new Map(), asked: new Set(), issues: [] };
  const server = servers.get(config.id)!;
  const pending = queued(open);
  const known = new Set(references.filter((row) => row.ours).map(nameOf));
  const missing = [...wanted.values()].filter((one) => {
    const { row, foreign } = compared.get(nameOf(one))!;
    if (isCopy(one)) return row?.tenant !== sharedTenant && (refresh || !foreign);
    return !row && !known.has(nameOf(one));
  });
  const chosen = new Set(config.ids === 'client' ? missing.map((one) => `${one.type}/${ownId(one)}`) : []);
  const ours = async (type: string, ids: readonly string[]): Promise<Set<string>> => {
    const rows = await store.references.byLocalIds(visibleTenants(tenant), config.id, ids);
    const known = rows.filter((row) => row.ours && row.type === type).map((row) => row.localId);
    return new Set([...known, ...ids.filter((id) => chosen.has(`${type}/${id}`))]);
  };
  try {
    lookup.matches = await foreignMatches(server, missing.filter(isCopy), asked.national, ours);
    const there = new Map(lookup.matches);
    for (const type of new Set(missing.map((one) => one.type))) {
      const mine = missing.filter((one) => one.type === type && !isCopy(one));
      const found = await foreignMatches(server, mine, asked.own, ours).catch((error: unknown) => {
        if (!isUnsearchable(error)) throw error;
        lookup.issues.push(unsearchable(type));
        return new Map<ResourceName, Match[]>();
      });
      for (const one of mine) lookup.asked.add(nameOf(one));
      for (const [name, matches] of found) there.set(name, matches);
    }
    for (const [name, matches] of there) {
      const copy = lookup.matches.has(name);
      const left = pending.get(name)?.left ?? [];
      if (matches.length === 0 || (copy && left.length === 0)) continue;
      const all = await adoptables(store, tenant, server, matches, there);
      if (copy) {
        lookup.matches.set(
          name,
          matches.filter((_one, index) => !left.includes(all[index]!.hash)),
        );
        continue;
      }
      const theirs = await withoutOurs(store, tenant, { serverId: config.id, name }, all, pending.get(name));
      if (theirs.length) lookup.adoptable.set(name, theirs);
    }
  } catch (error) {
    if (!isGatewayError(error)) throw error;
    lookup.issues.push(unasked(error.message));
  }
  return lookup;
}

/** What somebody may have typed under a key of ours cannot be seen there: it is created all the same, and that is told. */
function unsearchable(type: string): Issue {
  return {
    severity: 'warning',
    code: 'not-supported',
    rule: 'unsearchable',
    message:
      `Ce serveur ne cherche pas les ${type} par identifiant : ce qui y aurait été saisi sous nos clés ne se voit pas, ` +
      'les nôtres sont créées à côté.',
  };
}

/** What a lost answer left there is ours; where it was an adoption, what stood there before is in its run. */
async function withoutOurs(
  store: Pick<Repositories, 'runs'>,
  tenant: string,
  { serverId, name }: { serverId: string; name: ResourceName },
  found: readonly Adoptable[],
  pending: Queued | undefined,
): Promise<Adoptable[]> {
  const left = found.filter(({ hash }) => pending?.left.includes(hash));
  if (!pending || left.length === 0) return [...found];
  if (!pending.entry.adopts) return found.filter((one) => !left.includes(one));
  const changes = await store.runs.changes(tenant, pending.runId ?? '');
  const earlier = changes.find((one) => one.serverId === serverId && nameOf(one) === name)?.before;
  return found.map((one) => (left.includes(one) && earlier ? { ...one, earlier } : one));
}

async function adoptables(
  store: Pick<Repositories, 'references'>,
  tenant: string,
  server: FhirServer,
  matches: readonly Match[],
  there: ReadonlyMap<ResourceName, readonly Match[]>,
): Promise<Adoptable[]> {
  // Found just now under their keys: what one lost transaction created points to each other.
  const named = new Map(
    [...there].flatMap(([name, all]) =>
      all.map(
        (one) => [`${one.resource.resourceType} ${one.localId}`, name.slice(name.indexOf(' ') + 1)] as const,
      ),
    ),
  );
  const ids = matches.flatMap(({ resource }) => localLinks(resource, server.base).map(({ id }) => id));
  const rows = await store.references.byLocalIds(visibleTenants(tenant), server.id, ids);
  const keyOf = (type: string, id: string) =>
    rows.find((row) => row.type === type && row.localId === id)?.key ?? named.get(`${type} ${id}`);
  return matches.map(({ localId, versionId, resource }) => ({
    ...{ localId, versionId, hash: contentHash(actualForm(resource, server.base, keyOf)) },
    body: earlierVersion(resource, keyOf),
  }));
}

/** All that somebody wrote, so that it can be written again: without the id and what the server adds to every version. */
function earlierVersion(
  { id: _id, meta, ...rest }: AnyResource,
  keyOf: (type: string, id: string) => string | undefined,
): AnyResource {
  const { versionId: _version, lastUpdated: _at, source: _source, ...kept } = meta ?? {};
  const body = { ...rest, ...(Object.keys(kept).length ? { meta: kept } : {}) } as AnyResource;
  return mapLinks(body, (link) => {
    const local = parseLocalReference(link);
    const key = local && keyOf(local.type, local.id);
    return key && referenceTo(local.type, key);
  });
}

/** Is this a stand-in for what the server may have itself? */
export function isCopy(wanted: { class: string }): boolean {
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
