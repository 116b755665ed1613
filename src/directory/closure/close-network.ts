import { referenceTo } from '../../fhir/references.ts';
import type { BusinessKey } from '../../fhir/key.ts';
import type { MappedResource } from '../../mapping/types.ts';
import { enrichedCopy, legalEntityCopy } from './copy.ts';
import type { CopyCodes, Said } from './types.ts';

/** What the directory says of the copies of one network. */
export type Knows = {
  /** Of a copy, by its key. */
  of: (key: BusinessKey, type: string) => Said | undefined;
  /** Of what a record belongs to. */
  owner: (said: Said) => Said | undefined;
};

/**
 * The resources of a network with its directory copies put right, and copies of the legal entities that these belong to
 * and that the network does not name. What the directory does not know stays as the network says it.
 */
export function closeNetwork(
  resources: readonly MappedResource[],
  knows: Knows,
  codes: CopyCodes,
): MappedResource[] {
  const named = new Set(resources.filter(({ type }) => type === 'Organization').map(({ key }) => key));
  const added = new Map<BusinessKey, MappedResource>();
  const closed = resources.map((one) => {
    const said = one.class === 'directory-copy' ? knows.of(one.key, one.type) : undefined;
    if (!said) return one;
    const owner = one.type === 'Organization' && !one.body['partOf'] ? knows.owner(said) : undefined;
    const copy = owner && legalEntityCopy(owner, codes);
    const belongs = copy !== undefined && copy.key !== one.key;
    if (belongs && !named.has(copy.key)) added.set(copy.key, copy);
    return enrichedCopy(one, said, codes, belongs ? referenceTo('Organization', copy.key) : undefined);
  });
  return [...closed, ...added.values()];
}
