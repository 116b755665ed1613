/** What the held directory says that persons are: professions, specialities and qualifications, by their identifiers. */
import type { BusinessKey } from '../fhir/key.ts';
import type { AnyResource, CodeableConcept } from '../fhir/types.ts';
import type { DirectorySearchRepository } from '../store/directory-search.ts';
import { shortKey } from './keys.ts';
import { aliasesOf } from './match/aliases.ts';
import { resourceOf } from './resource.ts';

type Search = Pick<DirectorySearchRepository, 'byIdentity' | 'roles'>;

/**
 * Concepts of each person in use there, of all sources together; whoever is not there, or only as closed, has none in the
 * answer. RPPS and idNatPs are one person.
 */
export async function disciplinesOf(
  search: Search,
  persons: readonly BusinessKey[],
): Promise<Map<BusinessKey, CodeableConcept[]>> {
  const formsOf = new Map(persons.map((key) => [key, aliasesOf(key).map(shortKey)]));
  const rows = await search.byIdentity(['Practitioner'], [...formsOf.values()].flat());
  const active = rows.filter(({ state }) => state === 'active');
  const roles = (await search.roles('practitioner', [...new Set(rows.map(({ key }) => key))])).filter(
    ({ state }) => state === 'active',
  );
  const found = new Map<BusinessKey, CodeableConcept[]>();
  for (const [person, forms] of formsOf) {
    const own = active.filter(({ key, identifiers }) =>
      [key, ...(identifiers ?? [])].some((one) => forms.includes(one)),
    );
    const keys = new Set(own.map(({ key }) => key));
    const held = roles.filter(({ practitioner }) => practitioner !== null && keys.has(practitioner));
    const concepts = [...own, ...held].flatMap((row) => conceptsOf(resourceOf(row)));
    if (concepts.length > 0) found.set(person, concepts);
  }
  return found;
}

function conceptsOf({ code, specialty, qualification }: AnyResource): CodeableConcept[] {
  const qualified = (qualification ?? []) as { code?: CodeableConcept }[];
  return [
    ...((code ?? []) as CodeableConcept[]),
    ...((specialty ?? []) as CodeableConcept[]),
    ...qualified.flatMap((one) => one.code ?? []),
  ];
}
