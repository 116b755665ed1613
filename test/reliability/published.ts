/** What a hospital shows of the networks, read over plain HTTP and compared with what they say. */
import { actualHash, bodyHash } from '../../src/change/links.ts';
import { keysOf, splitKey } from '../../src/fhir/key.ts';
import { managedByTag } from '../../src/fhir/names.ts';
import type { AnyResource } from '../../src/fhir/types.ts';
import type { Site } from './site.ts';
import type { Expected } from './networks.ts';

type Hospital = Site['hospitals']['ville'];

/** Names (`Type key`) of resources that are not as they must be. */
export type Faults = { lost: string[]; duplicated: string[]; wrong: string[]; surplus: string[] };

const keysPerSearch = 20;

/** Everything expected must be there exactly once with the right content, and nothing else may carry our tag. */
export async function judgePublished(hospital: Hospital, expected: Expected): Promise<Faults> {
  const held = await allOf(hospital, expected);
  const keyOf = new Map(held.map((one) => [`${one.resourceType}/${one.id}`, keysOf(one)[0]]));
  const byName = new Map<string, AnyResource[]>();
  for (const one of held)
    for (const key of keysOf(one)) {
      const name = `${one.resourceType} ${key}`;
      byName.set(name, [...(byName.get(name) ?? []), one]);
    }
  const faults: Faults = { lost: [], duplicated: [], wrong: [], surplus: [] };
  for (const [name, body] of expected) {
    const found = byName.get(name) ?? [];
    if (found.length === 0) faults.lost.push(name);
    else if (found.length > 1) faults.duplicated.push(name);
    else if (hashOf(found[0]!) !== bodyHash(body)) faults.wrong.push(name);
  }
  for (const one of held)
    if (isTagged(one) && !keysOf(one).some((key) => expected.has(`${one.resourceType} ${key}`)))
      faults.surplus.push(`${one.resourceType}/${one.id}`);
  return faults;

  function hashOf(resource: AnyResource): string {
    return actualHash(resource, hospital.base, (type, id) => keyOf.get(`${type}/${id}`));
  }
}

/** How many of the expected resources are there as they must be: how far a publication has come. */
export async function countPublished(hospital: Hospital, expected: Expected): Promise<number> {
  const { lost, wrong } = await judgePublished(hospital, expected);
  return expected.size - lost.length - wrong.length;
}

/** By our tag and, for twins that somebody else might have made, by every business identifier. */
async function allOf(hospital: Hospital, expected: Expected): Promise<AnyResource[]> {
  const keys = new Map<string, string[]>();
  for (const name of expected.keys()) {
    const [type, key] = [name.slice(0, name.indexOf(' ')), name.slice(name.indexOf(' ') + 1)];
    keys.set(type, [...(keys.get(type) ?? []), key]);
  }
  const tag = encodeURIComponent(`${managedByTag.system}|${managedByTag.code}`);
  const found = new Map<string, AnyResource>();
  for (const [type, all] of keys) {
    const queries = [`${type}?_tag=${tag}&_count=200`];
    for (let start = 0; start < all.length; start += keysPerSearch)
      queries.push(
        `${type}?identifier=${all
          .slice(start, start + keysPerSearch)
          .map(token)
          .join(',')}&_count=200`,
      );
    for (const query of queries)
      for (const one of await hospital.all(query)) found.set(`${one.resourceType}/${one.id}`, one);
  }
  return [...found.values()];
}

function token(key: string): string {
  const { system, value } = splitKey(key);
  return encodeURIComponent(`${system}|${value.replace(/[\\,|$]/g, '\\$&')}`);
}

function isTagged({ meta }: AnyResource): boolean {
  return (
    meta?.tag?.some(({ system, code }) => system === managedByTag.system && code === managedByTag.code) ===
    true
  );
}
