/**
 * Transactions: all entries or none (FHIR R4 §3.1.0.11.2). Order: deletes, creates, updates, then conditional
 * references, then reads (CORE-04); one resource may be meant by one entry only.
 */
import type { AnyResource } from '../fhir/types.ts';
import { type Answer, Refusal } from './answer.ts';
import { type Entry, responseEntry } from './bundle-entry.ts';
import type { Version } from './memory.ts';
import { patched } from './patch.ts';
import { perform, writtenAnswer } from './perform.ts';
import type { Records } from './records.ts';
import { checkReferences, exchangeNames, hasConditional, resolveConditional } from './references.ts';
import { knownType, resourceOf, versionIdOf } from './request.ts';
import { findOne } from './search.ts';
import { createResource, updateResource, type Written } from './write.ts';

/** Where an entry's write will land, known before anything is written. */
type Target = { type: string; id: string; found: Version | undefined };

/** Response entries in the order of the entries; throws and leaves everything as it was when one is refused. */
export function runTransaction(records: Records, entries: readonly Entry[]): object[] {
  return records.memory.atomically(() => {
    const targets = entries.map((entry) => targetOf(records, entry));
    refuseOverlaps(entries, targets);
    const places = placesOf(entries, targets);
    const at = records.now();
    const answers: Answer[] = [];
    const written: Written[] = [];
    for (const method of ['DELETE', 'POST', 'PUT', 'PATCH']) {
      for (const [i, { request }] of entries.entries()) {
        if (request.method !== method) continue;
        if (method === 'DELETE') {
          answers[i] = perform(records, request);
          continue;
        }
        const done = write(records, entries[i]!, targets[i]!, places, at);
        written.push(done);
        answers[i] = writtenAnswer(records, done);
      }
    }
    settleReferences(records, written);
    for (const [i, { request }] of entries.entries()) {
      answers[i] ??= perform(records, request);
    }
    return entries.map(({ request }, i) => responseEntry(records, request.method, answers[i]!));
  });
}

function targetOf(records: Records, { request }: Entry): Target | undefined {
  const { method, path, search, ifNoneExist } = request;
  if (method === 'GET') return undefined;
  const type = knownType(path[0]);
  const condition = method === 'POST' ? ifNoneExist : path.length === 1 ? search : undefined;
  const found = condition ? findOne(records.memory, records.base, type, condition) : undefined;
  return { type, id: found?.id ?? (method === 'POST' ? undefined : path[1]) ?? records.newId(), found };
}

/** Two entries that find the same resource to match are harmless only when neither writes it. */
function refuseOverlaps(entries: readonly Entry[], targets: readonly (Target | undefined)[]): void {
  const seen = new Set<string>();
  for (const [i, target] of targets.entries()) {
    if (!target || (entries[i]!.request.method === 'POST' && target.found)) continue;
    const place = `${target.type}/${target.id}`;
    if (seen.has(place)) throw new Refusal(400, 'invalid', 'Two entries mean one resource');
    seen.add(place);
  }
}

function placesOf(entries: readonly Entry[], targets: readonly (Target | undefined)[]): Map<string, string> {
  const places = new Map<string, string>();
  for (const [i, { fullUrl }] of entries.entries()) {
    const target = targets[i];
    if (!fullUrl || !target) continue;
    if (places.has(fullUrl)) throw new Refusal(400, 'duplicate', 'Two entries have one fullUrl');
    places.set(fullUrl, `${target.type}/${target.id}`);
  }
  return places;
}

function write(
  records: Records,
  { request }: Entry,
  { type, id, found }: Target,
  places: ReadonlyMap<string, string>,
  at: string,
): Written {
  if (request.method === 'POST' && found) return { version: found, change: 'none' };
  if (request.method === 'PATCH') {
    const next = patched(records.memory.newest(type, id), resourceOf(request.resource, 'Parameters'));
    return updateResource(records, next, id, { ifMatch: versionIdOf(request.ifMatch) }, at);
  }
  const named: AnyResource = exchangeNames(resourceOf(request.resource, type), places);
  const resource = hasConditional(named) ? resolveConditional(records, named, false) : named;
  const isCreate = request.method === 'POST' || (request.path.length === 1 && !found);
  if (isCreate) return createResource(records, resource, id, at);
  const conditions = { ifMatch: versionIdOf(request.ifMatch), ifNoneMatch: request.ifNoneMatch };
  return updateResource(records, resource, id, conditions, at);
}

/** What only this transaction's own creations make resolvable, and whether every reference leads somewhere. */
function settleReferences(records: Records, written: readonly Written[]): void {
  for (const { version, change } of written) {
    if (change === 'none' || !version.resource) continue;
    if (hasConditional(version.resource)) {
      records.memory.replace(version, resolveConditional(records, version.resource, true));
    }
    checkReferences(records, version.resource);
  }
}
