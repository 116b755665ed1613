/** Finding resources of one type by a query (FHIR R4 §3.1.1); parameters that are not known are refused. */
import { Refusal } from './answer.ts';
import { alternativesOf, matches } from './match.ts';
import type { Memory, Version } from './memory.ts';
import { searchParameter } from './search-parameters.ts';

/** Parameters that shape the answer without choosing the matches. */
const shaping = new Set(['_count', '_elements', '_summary', '_total', '_sort', '_format', '_pretty']);

/** Living resources that match every parameter, in the order of `_sort` (default: order of creation). */
export function findAll(memory: Memory, base: string, type: string, query: URLSearchParams): Version[] {
  const criteria = [...query]
    .filter(([name]) => !shaping.has(name))
    .map(([name, value]) => {
      const parameter = searchParameter(type, name);
      if (!parameter) throw new Refusal(400, 'not-supported', `Unknown search parameter for ${type}`);
      return { name, parameter, alternatives: alternativesOf(value) };
    });
  const found = candidates(memory, type, criteria).filter(({ resource }) =>
    criteria.every(({ parameter, alternatives }) => matches(resource!, parameter, alternatives, base)),
  );
  return sorted(found, query.get('_sort'));
}

/** The one resource that a conditional interaction means; 412 for several (§3.1.0.8.1). */
export function findOne(memory: Memory, base: string, type: string, query: string): Version | undefined {
  const params = new URLSearchParams(query);
  if (params.size === 0) throw new Refusal(412, 'invalid', 'A conditional interaction needs criteria');
  const [found, ...others] = findAll(memory, base, type, params);
  if (others.length > 0) throw new Refusal(412, 'multiple-matches', `Several ${type} match the condition`);
  return found;
}

/** By the index when one parameter names ids or identifiers with their system, else everything of the type. */
function candidates(
  memory: Memory,
  type: string,
  criteria: readonly { name: string; alternatives: readonly string[] }[],
): Version[] {
  for (const { name, alternatives } of criteria) {
    const named =
      name === '_id' || (name === 'identifier' && alternatives.every((value) => /^[^|]+\|./.test(value)));
    if (!named || (name === 'identifier' && type === 'DocumentReference')) continue;
    const ids = name === '_id' ? alternatives : alternatives.flatMap((key) => memory.byIdentifier(type, key));
    return [...new Set(ids)]
      .map((id) => memory.newest(type, id))
      .filter((version) => version?.resource !== undefined) as Version[];
  }
  return [...memory.living(type)];
}

function sorted(found: Version[], sort: string | null): Version[] {
  if (sort === null) return found;
  const field = { _lastUpdated: 'lastUpdated', _id: 'id' }[sort.replace(/^-/, '')] as
    'lastUpdated' | 'id' | undefined;
  if (!field) throw new Refusal(400, 'not-supported', 'This hospital sorts by _lastUpdated or _id');
  const direction = sort.startsWith('-') ? -1 : 1;
  return found.toSorted((a, b) => (a[field] < b[field] ? -direction : a[field] > b[field] ? direction : 0));
}
