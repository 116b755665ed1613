/**
 * What changed since a time, by type-level history (ITI-91). Only the newest version of a resource counts, whatever order
 * they come in (MCSD-11, P-13), and an identity that changes on the way is left to people (MCSD-18): so a kind is
 * taken once its history is read to the end. A restart begins the kind at hand again.
 */
import { createHash } from 'node:crypto';
import { GatewayError, isGatewayError } from '../../fhir/error.ts';
import type { Issue } from '../../fhir/issue.ts';
import { keysOf } from '../../fhir/key.ts';
import type { AnyResource } from '../../fhir/types.ts';
import { taken } from '../api/tally.ts';
import type { Known, ReadRecord, ReadRemoval, RecordKind, SourcePage } from '../types.ts';
import { askBundle, askJson, type Asking } from './ask.ts';
import { type Change, changeOf, isNewer } from './change.ts';
import { checkpointOf, closeKind, type Progress } from './progress.ts';
import { keyOf, take } from './take.ts';

/** Resources of a kind that may have changed; beyond, a full run reads them page by page. */
export const mostChanges = 50_000;
const chunk = 200;

type Newest = { change: Change; keys: Set<string> };

export async function* followHistory(
  progress: Progress,
  known: Known,
  asking: Asking,
): AsyncGenerator<SourcePage, void> {
  const { settings, tally } = asking;
  while (progress.kinds.length) {
    const kind = progress.kinds[0]!;
    const newest = new Map<string, Newest>();
    const links = new Set<string>();
    const since = encodeURIComponent(progress.since!);
    let address: string | undefined = `${kind}/_history?_since=${since}&_count=${settings.pageSize}`;
    let short: string | undefined;
    while (address !== undefined) {
      links.add(address);
      const page = await askBundle(address, asking);
      progress.began = Math.min(progress.began ?? Infinity, page.date ?? Infinity);
      for (const entry of page.entries) note(changeOf(kind, entry), newest, settings.base);
      if (newest.size > mostChanges) throw tooMuch(settings.id, kind);
      const nothing = { records: [], removed: [], issues: [] };
      const checkpoint = checkpointOf(progress);
      yield { ...nothing, checkpoint, digest: page.digest, rows: page.entries.length, tally: taken(tally) };
      address = page.next;
      if (address !== undefined && links.has(address)) {
        short = 'les liens de page de son historique tournent en rond';
        address = undefined;
      }
    }
    progress.read = newest.size;
    yield* handOver(kind, newest, { progress, known, asking, short });
  }
}

/** Keeps the newest version, and every key that a version had. */
function note(change: Change | undefined, newest: Map<string, Newest>, base: string): void {
  if (!change) return;
  const held = newest.get(change.id);
  const keys = held?.keys ?? new Set();
  if (change.resource) keys.add(keyOf(change.resource, base));
  // without versions the first is the newest: that is the order of a history
  if (!held || isNewer(change.version, held.change.version)) newest.set(change.id, { change, keys });
}

async function* handOver(
  kind: RecordKind,
  newest: ReadonlyMap<string, Newest>,
  {
    progress,
    known,
    asking,
    short,
  }: { progress: Progress; known: Known; asking: Asking; short: string | undefined },
): AsyncGenerator<SourcePage, void> {
  const { base } = asking.settings;
  const all = [...newest.values()];
  for (let at = 0; at === 0 || at < all.length; at += chunk) {
    const resources: AnyResource[] = [];
    const removed: ReadRemoval[] = [];
    const issues: Issue[] = [];
    let takeovers = 0;
    for (const { change, keys } of all.slice(at, at + chunk)) {
      const { resource, missing } = change.deleted ? {} : await resolve(kind, change, asking);
      if (missing) issues.push(unresolved(kind));
      else if (!resource) removed.push({ kind, remote: change.id });
      else if (isTakeover(resource, keys, base)) takeovers += 1;
      else resources.push(resource);
    }
    const read = take(resources, known, asking.settings);
    issues.push(...read.issues, ...(takeovers ? [takeover(kind, takeovers)] : []));
    const last = at + chunk >= all.length;
    if (last) closeKind(progress, short);
    const digest = digestOf(read.records, removed);
    yield {
      ...{ records: read.records, removed, issues },
      checkpoint: checkpointOf(progress),
      digest,
      rows: 0,
      tally: taken(asking.tally),
    };
  }
}

/** Of what is handed over: the pages that brought it have digests of their own. */
function digestOf(records: readonly ReadRecord[], removed: readonly ReadRemoval[]): string {
  const digest = createHash('sha256');
  for (const { hash } of records) digest.update(hash);
  return digest.update(JSON.stringify(removed)).digest('hex');
}

/** An identifier that some version had is gone from the newest: another identity under the same id. */
function isTakeover(resource: AnyResource, keys: ReadonlySet<string>, base: string): boolean {
  const now = new Set([...keysOf(resource), keyOf(resource, base)]);
  return [...keys].some((key) => !now.has(key));
}

/** An entry without its resource is read: 410 says that it is gone, 404 says nothing (MCSD-17). */
async function resolve(
  kind: RecordKind,
  { id, resource }: Change,
  asking: Asking,
): Promise<{ resource?: AnyResource; missing?: boolean }> {
  if (resource) return { resource };
  try {
    const { body } = await askJson(`${kind}/${id}`, asking);
    return body['resourceType'] === kind ? { resource: body as AnyResource } : { missing: true };
  } catch (error) {
    if (isGatewayError(error) && error.category === 'gone') return {};
    if (isGatewayError(error) && error.category === 'not-found') return { missing: true };
    throw error;
  }
}

function takeover(kind: RecordKind, count: number): Issue {
  return {
    ...{ severity: 'error', code: 'conflict', rule: 'takeover', expression: `${kind}.identifier` },
    message: `${count} fiche(s) ${kind} ont changé d’identifiant sous le même id : elles restent comme elles étaient tenues ; à vérifier avec celui qui tient l’annuaire.`,
  };
}

function unresolved(kind: RecordKind): Issue {
  return {
    ...{
      severity: 'warning',
      code: 'not-found',
      rule: 'directory-unresolved',
      expression: 'Bundle.entry.resource',
    },
    message: `Une fiche ${kind} est annoncée comme changée mais n’est pas servie (404) : cela ne prouve pas qu’elle soit supprimée.`,
  };
}

function tooMuch(id: string, kind: RecordKind): GatewayError {
  return new GatewayError({
    ...{ category: 'too-large', side: 'directory', retryable: false },
    message: `Annuaire « ${id} » : plus de ${mostChanges} ${kind} ont changé depuis le dernier passage. Il faut un passage complet (--full).`,
  });
}
