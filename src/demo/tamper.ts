/** Somebody else changes one published resource at a hospital by plain HTTP; which one is drawn by the seed. */
import { managedByTag } from '../fhir/names.ts';
import { contentHash, normalForm } from '../fhir/normal.ts';
import type { AnyResource } from '../fhir/types.ts';
import type { Caller } from './http.ts';

export type Tampered = {
  seed: number;
  hospital: string;
  type: string;
  id: string;
  how: 'changed' | 'deleted';
  before: string;
};

/** Types with a name or title that a person would edit. */
const types = ['Organization', 'HealthcareService', 'CareTeam', 'PlanDefinition', 'Location'];

/**
 * Everything the gateway published at a hospital, of the types listed. What networks publish is about no patient: a document or
 * a care circle, which have a subject, was exchanged.
 */
export async function published(hospital: Caller, of: readonly string[]): Promise<AnyResource[]> {
  const tag = encodeURIComponent(`${managedByTag.system}|${managedByTag.code}`);
  const pages = await Promise.all(of.map((type) => hospital.all(`${type}?_tag=${tag}`)));
  return pages.flat().filter((one) => one['subject'] === undefined);
}

/** Changes the name of one resource; with every third seed one is deleted. The same seed does the same again. */
export async function tamper(hospitals: Record<string, Caller>, seed: number): Promise<Tampered> {
  const names = Object.keys(hospitals).sort();
  const hospital = names[seed % names.length]!;
  const at = hospitals[hospital]!;
  const found = (await published(at, types)).sort((a, b) => (String(a.id) < String(b.id) ? -1 : 1));
  const drawn = Math.floor(seed / names.length) % found.length;
  const candidates = [...found.slice(drawn), ...found.slice(0, drawn)];
  const gone = seed % 3 === 0 ? await removeFirst(at, candidates) : undefined;
  const victim = gone ?? candidates[0]!;
  if (!gone) await rename(at, victim);
  const { resourceType: type, id = '' } = victim;
  return { seed, hospital, type, id, how: gone ? 'deleted' : 'changed', before: hashOf(victim) };
}

/** Deletes the first that nothing refers to: hospitals refuse to break a reference. */
async function removeFirst(at: Caller, candidates: readonly AnyResource[]): Promise<AnyResource | undefined> {
  for (const one of candidates) {
    if ((await at.remove(pathOf(one))).status < 300) return one;
  }
  return undefined;
}

async function rename(at: Caller, victim: AnyResource): Promise<void> {
  const field = 'name' in victim ? 'name' : 'title';
  const { etag } = await at.get(pathOf(victim));
  await at.put(pathOf(victim), { ...victim, [field]: 'modifié par un tiers' }, etag);
}

function pathOf({ resourceType, id }: AnyResource): string {
  return `${resourceType}/${id}`;
}

/** True when the resource is at the hospital as it was before it was tampered with. */
export async function isRestored(hospital: Caller, { type, id, before }: Tampered): Promise<boolean> {
  const { status, resource } = await hospital.get(`${type}/${id}`);
  return status === 200 && hashOf(resource) === before;
}

function hashOf(resource: AnyResource): string {
  return contentHash(normalForm(resource));
}
