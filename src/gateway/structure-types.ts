/** What kind of structure somebody is: by the tenant's networks, which know them best, else by the held directory. */
import { shortKey } from '../directory/keys.ts';
import { aliasesOf } from '../directory/match/aliases.ts';
import { resourceOf } from '../directory/resource.ts';
import type { TypesOf } from '../document/circumstances.ts';
import type { CodeableConcept } from '../fhir/types.ts';
import type { Store } from '../store/store.ts';

/** FINESS and idNatSt name one structure; a closed record says nothing. */
export function structureTypes({
  desired,
  directorySearch,
}: Pick<Store, 'desired' | 'directorySearch'>): TypesOf {
  return async (tenant, structure) => {
    const keys = aliasesOf(structure);
    const ours = await desired.ofKeys(tenant, 'Organization', keys);
    const held = await directorySearch.byIdentity(['Organization'], keys.map(shortKey));
    const known = [...ours, ...held.filter(({ state }) => state === 'active').map((row) => resourceOf(row))];
    return known.flatMap(({ type = [] }) => type as CodeableConcept[]);
  };
}
