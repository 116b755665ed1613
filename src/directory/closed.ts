/** Who of those that something names is closed in the held directory: people and structures, by their identifiers. */
import type { BusinessKey } from '../fhir/key.ts';
import type { DirectorySearchRepository, FoundRecord } from '../store/directory-search.ts';
import { shortKey } from './keys.ts';
import { aliasesOf } from './match/aliases.ts';

type Search = Pick<DirectorySearchRepository, 'byIdentity' | 'roles'>;

/**
 * For each key whether whom it names is closed there, or has only closed places to practise; whoever is not held is not.
 * RPPS and idNatPs are one person, FINESS and idNatSt one structure.
 */
export async function closedOf(
  search: Search,
  keys: readonly BusinessKey[],
): Promise<Map<BusinessKey, boolean>> {
  if (keys.length === 0) return new Map();
  const formsOf = new Map(keys.map((key) => [key, aliasesOf(key).map(shortKey)]));
  const rows = await search.byIdentity(['Practitioner', 'Organization'], [...formsOf.values()].flat());
  const roles = await search.roles('practitioner', [...new Set(rows.map(({ key }) => key))]);
  return new Map(
    [...formsOf].map(([key, forms]) => {
      const own = rows.filter((row) =>
        [row.key, ...(row.identifiers ?? [])].some((one) => forms.includes(one)),
      );
      const places = roles.filter(({ practitioner }) => own.some((row) => row.key === practitioner));
      return [key, allOut(own) || allOut(places)];
    }),
  );
}

/** Of what is held as several sources say it: every record is out, by the first source that knows it. */
function allOut(rows: readonly FoundRecord[]): boolean {
  const seen = [...Map.groupBy(rows, ({ kind, key }) => `${kind} ${key}`).values()].map(
    (said) => said.find(({ state }) => state !== 'stub' && state !== 'vanished') ?? said[0]!,
  );
  return seen.length > 0 && seen.every(({ state }) => state === 'closed' || state === 'vanished');
}
