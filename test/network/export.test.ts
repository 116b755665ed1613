import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Json, JsonObject } from '../../src/fhir/types.ts';
import { type ExportedList, exportList, tableLists } from '../../src/network/export-list.ts';
import { planColumns } from '../../src/network/list-columns.ts';
import type { ListEntry } from '../../src/network/list-entry.ts';
import { rowReader } from '../../src/network/list-rows.ts';
import { sampleText } from '../../src/network/sample-value.ts';
import type { Shape } from '../../src/network/shape.ts';
import { flatten } from '../../src/network/tree.ts';
import { readList } from '../../src/tabular/list.ts';
import { writeCsv } from '../../src/tabular/write-csv.ts';
import { writeXlsx } from '../../src/tabular/write-xlsx.ts';
import { type Kinds, kindsOfTheProject } from './project.ts';

const entry: ListEntry = {
  file: 'l',
  position: { file: 'n', line: 1, column: 1 },
  columns: new Map(),
  values: new Map(),
  filter: new Map(),
};

/** The items a list file gives back. */
function readBack(bytes: Uint8Array, item: Shape): Json[] {
  const { table, issues } = readList(bytes, 'l');
  expect(issues).toEqual([]);
  const { plan, issues: doubts } = planColumns(table!.columns, entry, item);
  expect(doubts).toEqual([]);
  const reader = rowReader(plan!, entry, item);
  const trees = table!.rows.map((row) => reader.item(row)!);
  expect(reader.end()).toEqual([]);
  return trees.map((tree) => flatten(tree).data);
}

function exported(data: JsonObject, shape: Shape, list: string, at?: string): ExportedList {
  const found = exportList([{ id: 'a', data }], shape, { list, ...(at === undefined ? {} : { at }) });
  if ('refused' in found) throw new Error(found.refused);
  return found;
}

/** Anything a coordinator may write in a text, also what spreadsheets trip over. */
const text = fc.oneof(
  fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 30 })
    .map((one) => one.replaceAll(/[\r\uFEFF]/g, '').trim())
    .filter(Boolean),
  fc.constantFrom(
    '=HYPERLINK("x")',
    '+33 1 00 00 00 00',
    '-1',
    '@x',
    "'=x",
    '007',
    'a;b,c|"d"',
    'deux\nlignes',
  ),
);

function valueOf(shape: Shape): fc.Arbitrary<Json> {
  if (shape.type === 'boolean') return fc.boolean();
  if (shape.words) return fc.constantFrom(...shape.words);
  if (shape.format === 'partial-date') return fc.constantFrom('2024', '2024-02', '2024-02-29', '1899-12-31');
  if (shape.pattern !== undefined || shape.format !== undefined)
    return fc.integer({ min: 1, max: 9 }).map((n) => sampleText(shape, n, '2024-01-01'));
  return text;
}

/** Items with an id of their own and any of the fields that cells can hold. */
function itemsOf(shape: Shape): fc.Arbitrary<JsonObject[]> {
  const simple = [...shape.fields].flatMap(([name, one]): [string, fc.Arbitrary<Json>][] => {
    if (one.type === 'fields' || name === 'id') return [];
    if (one.type !== 'list') return [[name, valueOf(one)]];
    return one.item?.words ? [[name, fc.subarray([...one.item.words], { minLength: 1 })]] : [];
  });
  const required = [...shape.required].filter(
    (name) => name !== 'id' && simple.some(([one]) => one === name),
  );
  const item = fc.record<Record<string, Json>>(Object.fromEntries(simple), { requiredKeys: required });
  return fc
    .array(item, { minLength: 1, maxLength: 6 })
    .map((all) => all.map((one, index) => (shape.fields.has('id') ? { id: `x-${index}`, ...one } : one)));
}

describe('a list that is exported', () => {
  let kinds: Kinds;
  beforeAll(async () => {
    kinds = await kindsOfTheProject();
  });

  it('reads back as it was, as CSV and as workbook, for every list of every kind', () => {
    let lists = 0;
    for (const { shape } of kinds.values()) {
      for (const list of tableLists(shape)) {
        const item = shape.fields.get(list)!.item!;
        if (item.required.size === 0 || !shape.fields.get(list)!.inFile) continue;
        lists += 1;
        fc.assert(
          fc.property(itemsOf(item), (items) => {
            const { columns, rows, days, left } = exported({ [list]: items }, shape, list);
            expect(left).toEqual([]);
            expect(readBack(writeCsv(columns, rows), item)).toEqual(items);
            expect(readBack(writeXlsx(list, columns, rows, days), item)).toEqual(items);
          }),
          { numRuns: 60 },
        );
      }
    }
    expect(lists).toBeGreaterThan(6);
  });

  it('holds only what is in force on the day that is asked for', () => {
    const { shape } = kinds.get('cso')!;
    const etablissements = [
      { id: 'parti', nom: 'A', fin: '2024-12-31' },
      { id: 'la', nom: 'B', debut: '2024-01-01' },
      { id: 'a-venir', nom: 'C', debut: '2027-01-01' },
    ];
    const ids = (at?: string): string[] =>
      exported({ etablissements }, shape, 'etablissements', at).rows.map(([id]) => id!);
    expect(ids()).toEqual(['parti', 'la', 'a-venir']);
    expect(ids('2026-11-22')).toEqual(['la']);
  });

  it('is the first that has items when none is named, and says which parts fit no cell', () => {
    const { shape } = kinds.get('ess')!;
    const found = exportList(
      [{ id: 'a', data: { equipes: [{ id: 'e', nom: 'E', membres: [{ role: 'membre' }] }] } }],
      shape,
      {},
    );
    expect(found).toMatchObject({ list: 'equipes', left: ['membres'] });
    const unknown = exportList([{ id: 'a', data: {} }], shape, { list: 'etablissement' });
    expect('refused' in unknown && unknown.refused).toMatch(/Vouliez-vous dire « etablissements » \?$/);
  });
});
