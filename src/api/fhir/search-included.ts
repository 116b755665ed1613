/** What comes along with a page of matches: `_include` and `_revinclude` (FHIR R4 §3.1.1.5.4), each once. */
import type { AnyResource, Reference } from '../../fhir/types.ts';
import { refusal } from '../body/refusals.ts';
import { readers } from '../table.ts';
import { type FhirEdge, type FhirRequest, requireAccess } from './edge.ts';
import { findMatches, lookups } from './search-page.ts';
import { compileSearch, maxAlternatives, type SearchQuery } from './search-query.ts';

/** Most resources that come along with one page. */
const maxIncluded = 1000;

/** Resources that the matches refer to or that refer to them. Throws `too-large` (413) beyond 1,000. */
export async function includedWith(
  edge: FhirEdge,
  { context, row }: FhirRequest,
  { include, revinclude }: SearchQuery,
  matches: readonly AnyResource[],
): Promise<AnyResource[]> {
  const there = new Set(matches.map(nameOf));
  const found = new Map<string, AnyResource>();

  for (const name of include) {
    const { path } = row.directory!.include.find((one) => name === `${row.type}:${one.name}`)!;
    const referred = matches.flatMap((match) => [match[path.replace('[]', '')] ?? []].flat() as Reference[]);
    const wanted = new Map<string, string[]>();
    for (const { reference = '' } of referred) {
      const [type, id] = reference.split('/') as [string, string?];
      if (id && !there.has(reference)) wanted.set(type, [...(wanted.get(type) ?? []), id]);
    }
    for (const [type, ids] of wanted) await add(type, '_id', [...new Set(ids)]);
  }
  for (const name of revinclude) {
    const [type, parameter] = name.split(':') as [string, string];
    if (matches.length) await add(type, parameter, [...there]);
  }
  return [...found.values()];

  async function add(type: string, parameter: string, values: string[]): Promise<void> {
    const target = edge.table.get(type);
    if (!target) return;
    requireAccess(context.caller, type, readers, 's');
    for (let start = 0; start < values.length && found.size <= maxIncluded; start += maxAlternatives) {
      const asked = values.slice(start, start + maxAlternatives).join(',');
      const query = await compileSearch(new URLSearchParams({ [parameter]: asked }), {
        row: target,
        fhirBase: edge.fhirBase(),
        strict: true,
        ...lookups(edge, context.caller.tenant),
      });
      const others = await findMatches(edge, { context, row: target }, query, undefined, maxIncluded + 1);
      for (const { resource } of others)
        if (!there.has(nameOf(resource))) found.set(nameOf(resource), resource);
    }
    if (found.size > maxIncluded)
      throw refusal(
        'too-large',
        'too-costly',
        `Plus de ${maxIncluded} ressources liées à cette page : demandez-en une plus petite (_count).`,
      );
  }
}

function nameOf({ resourceType, id }: AnyResource): string {
  return `${resourceType}/${id}`;
}
