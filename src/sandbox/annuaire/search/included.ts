/** What a page carries beside its rows: `_include`, `_revinclude` and, where asked, the second step (`:iterate`). */
import type { Entry, Population } from '../population/types.ts';
import type { SearchAsk } from './ask.ts';
import { linkOf } from './parameters.ts';

/** Records carried beside the rows of a page at most. */
const most = 10_000;

/** Included records, each once, none that is a row. `twoHops` false: `:iterate` has no effect (#282). */
export function includedWith(
  population: Population,
  ask: Pick<SearchAsk, 'include' | 'revinclude'>,
  rows: readonly Entry[],
  twoHops: boolean,
): Entry[] {
  const seen = new Set(rows.map(nameOf));
  const found: Entry[] = [];
  const add = (entries: readonly Entry[]): Entry[] => {
    const fresh = entries.filter((one) => one.served && !seen.has(nameOf(one)) && seen.add(nameOf(one)));
    found.push(...fresh.slice(0, most - found.length));
    return fresh;
  };
  let last = [
    ...add(ask.revinclude.flatMap((link) => referrers(population, link, rows))),
    ...add(ask.include.flatMap(({ link }) => targets(population, link, rows))),
  ];
  const again = twoHops ? ask.include.filter(({ iterate }) => iterate) : [];
  while (again.length && last.length && found.length < most) {
    last = add(again.flatMap(({ link }) => targets(population, link, last)));
  }
  return found;
}

function nameOf({ type, index }: Entry): string {
  return `${type}/${index}`;
}

/** Records that the rows refer to by a parameter. */
function targets(population: Population, name: string, rows: readonly Entry[]): Entry[] {
  const link = linkOf(name);
  if (!link) return [];
  return rows
    .filter(({ type }) => type === link.type)
    .flatMap((row) => {
      const reference = (row.resource()[link.place] as { reference?: string } | undefined)?.reference;
      const id = reference?.slice(reference.lastIndexOf('/') + 1);
      const index = id === undefined ? undefined : population.indexOf(link.target, id);
      return index === undefined ? [] : (population.at(link.target, index) ?? []);
    });
}

/** Records that refer to the rows by a parameter of theirs. */
function referrers(population: Population, name: string, rows: readonly Entry[]): Entry[] {
  const link = linkOf(name);
  if (!link) return [];
  return rows.flatMap(({ index }) =>
    population.linked(link.type, link.field, index).flatMap((one) => population.at(link.type, one) ?? []),
  );
}
