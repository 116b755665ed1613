/** A `structureet` line of the etalab layout as a structure. */
import tables from '../../../mappings/directory/finess.json' with { type: 'json' };
import type { Cells } from '../files/cells.ts';
import type { CountedIssues } from '../files/counted-issues.ts';
import { isFiness } from '../extract/activity-line.ts';
import { usableDay, usableFiness, usableSiret } from './checks.ts';
import type { FinessStructure } from './structure.ts';

export type EtalabColumn = keyof typeof tables.columns;
export type EtalabColumns = Readonly<Record<EtalabColumn, number>>;

/** Columns of a file without a header row: the first cell is the kind of the line. */
export const columnsInOrder = Object.fromEntries(
  tables.order.map((name, index) => [name, index + 1]),
) as EtalabColumns;

const departments: Readonly<Record<string, string>> = tables.departments;

/** The line that `cells` has laid out; undefined, and counted, when it is of no use. `asOf`: day of the file. */
export function structureOfLine(
  cells: Cells,
  columns: EtalabColumns,
  issues: CountedIssues,
  { line, asOf }: { line: number; asOf: string },
): FinessStructure | undefined {
  const cell = (name: EtalabColumn): string => cells.at(columns[name]);
  const place = { line };
  const finess = usableFiness(cell('finess'), issues, place);
  if (finess === undefined) return undefined;
  const name = cell('name') || cell('longName');
  if (!name) return void issues.add('line:name', place);
  const [, postcode, city] = /^([0-9AB]{5})\s+(.*)$/.exec(cell('delivery')) ?? [];
  const opened = usableDay(cell('opened'), issues, place);
  if (opened && opened > asOf) issues.add('date:future', place);
  return {
    level: 'S',
    finess,
    name,
    ...given('legal', isFiness(cell('legal')) ? cell('legal') : undefined),
    ...given('longName', cell('longName')),
    ...given('complement', cell('complement')),
    ...given('line1', cell('distribution')),
    ...given('line2', [cell('number'), cell('wayType'), cell('way')].filter(Boolean).join(' ')),
    ...given('line3', [cell('wayComplement'), cell('place')].filter(Boolean).join(' ')),
    ...given('postcode', postcode),
    ...given('city', city ?? cell('delivery')),
    ...given('commune', communeOf(cell('department'), cell('commune'))),
    ...given('phone', cell('phone')),
    ...given('fax', cell('fax')),
    ...given('category', cell('category')),
    ...given('categoryLabel', cell('categoryLabel')),
    ...given('siret', usableSiret(cell('siret'), issues, place)),
    ...given('opened', opened),
  };
}

function given<Name extends string>(name: Name, value: string | undefined): Partial<Record<Name, string>> {
  return value ? ({ [name]: value } as Record<Name, string>) : {};
}

/** INSEE code: département and commune; overseas, 97 or 98 and three figures. Leading zeros may have been lost. */
export function communeOf(department: string, commune: string): string | undefined {
  if (/^[0-9][0-9AB][0-9]{3}$/.test(commune)) return commune;
  if (!department || !/^[0-9]{1,3}$/.test(commune)) return undefined;
  const begin = departments[department.toUpperCase()] ?? department.toUpperCase().padStart(2, '0');
  const code =
    begin.length === 3 ? begin + commune.slice(-2).padStart(2, '0') : begin + commune.padStart(3, '0');
  return /^[0-9][0-9AB][0-9]{3}$/.test(code) ? code : undefined;
}
