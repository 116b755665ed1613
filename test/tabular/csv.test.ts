import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readCsv } from '../../src/tabular/csv.ts';
import { listLimits, type Table } from '../../src/tabular/table.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const plain = (table: Table | undefined): unknown =>
  table?.rows.map(({ cells }) => Object.fromEntries([...cells].map(([name, { text }]) => [name, text])));

describe('rows out of a CSV file', () => {
  it.each([
    ['commas', 'id,nom\na,Été\n'],
    ['semicolons, as French spreadsheets write', 'id;nom\r\na;Été\r\n'],
    ['a byte order mark', '\uFEFFid,nom\na,Été'],
    ['spaces around cells', 'id , nom\n a ,"Été"\n'],
    ['empty lines', 'id,nom\n\n\na,Été\n,\n\n'],
  ])('reads %s', (_, text) => {
    const { table, issues } = readCsv(bytes(text), 'list.csv');
    expect(issues).toEqual([]);
    expect(plain(table)).toEqual([{ id: 'a', nom: 'Été' }]);
  });

  it('reads Windows-1252, apostrophe and euro included', () => {
    const text = Uint8Array.from(Buffer.from('id;nom\na;L\x92\xe9t\xe9 \x80\n', 'latin1'));
    expect(plain(readCsv(text, 'list.csv').table)).toEqual([{ id: 'a', nom: 'L’été €' }]);
  });

  it('knows the line where each row begins and the number of each cell, over quoted line ends', () => {
    const { table } = readCsv(bytes('id,note,nom\na,"two\nlines",x\n\nb,,y\n'), 'list.csv');
    const places = table?.rows.map(({ position, cells }) => [
      position.line,
      cells.get('nom')?.position.column,
    ]);
    expect(places).toEqual([
      [2, 3],
      [5, 3],
    ]);
    expect(table?.rows[1]?.cells.has('note')).toBe(false);
  });

  it('tells every wrong row at once and keeps the others', () => {
    const { table, issues } = readCsv(bytes('a,b\n1,2,3\n4,5\n6,7,8\n'), 'list.csv');
    expect(issues.map(({ source }) => [source?.line, source?.column])).toEqual([
      [2, 3],
      [4, 3],
    ]);
    expect(plain(table)).toEqual([{ a: '4', b: '5' }]);
  });

  it.each([
    ['an empty file', '', /vide/],
    ['a column without name', 'a,,b\n1,2,3\n', /sans nom/],
    ['a column written twice', 'a,b,a\n', /deux fois/],
    ['a quote never closed', 'a,b\n1,"2\n', /illisible/],
    ['a quote in the middle of a cell', 'a,b\n"1"x,2\n', /illisible/],
    ['a row of a million characters', `a\n${'x'.repeat(1_000_000)}\n`, /trop longue/],
  ])('refuses %s', (_, text, message) => {
    const { table, issues } = readCsv(bytes(text), 'list.csv');
    expect(table).toBeUndefined();
    expect(issues[0]?.message).toMatch(message);
  });

  it('accepts rows up to the limit and refuses one more', () => {
    const rows = (count: number): Uint8Array => bytes(`id\n${'x\n'.repeat(count)}`);
    expect(readCsv(rows(listLimits.rows), 'list.csv').table?.rows).toHaveLength(listLimits.rows);
    expect(readCsv(rows(listLimits.rows + 1), 'list.csv').issues[0]?.code).toBe('too-long');
  });

  it('gives back what was written, whatever the cells hold', () => {
    const cell = fc.string({ unit: 'grapheme', minLength: 1 }).map((text) => `x${text.replace(/\r/g, '')}x`);
    const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`;
    const rowsOfCells = fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 20 });
    const property = fc.property(rowsOfCells, fc.constantFrom(',', ';'), (rows, separator) => {
      const text = [['a', 'b'], ...rows].map((row) => row.map(quote).join(separator)).join('\n');
      const { table, issues } = readCsv(bytes(text), 'list.csv');
      expect(issues).toEqual([]);
      expect(plain(table)).toEqual(rows.map(([a, b]) => ({ a, b })));
    });
    fc.assert(property);
  });

  it('never throws on any bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (any) => void readCsv(any, 'list.csv')));
  });
});
