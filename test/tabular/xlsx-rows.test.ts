import { readdirSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Issue } from '../../src/fhir/issue.ts';
import { listLimits, type Row, type Table } from '../../src/tabular/table.ts';
import { xlsxRows, type XlsxSource } from '../../src/tabular/xlsx-rows.ts';
import { readXlsx } from '../../src/tabular/xlsx.ts';
import type { ByteSource } from '../../src/tabular/zip-stream.ts';
import { fixture, sheetOf, told, workbook } from './workbook.ts';

type Read = { columns: string[] | undefined; rows: unknown[]; issues: string[] };

const plain = ({ position, cells }: Row): unknown => [position, [...cells]];

function whole(bytes: Uint8Array, choice: Omit<XlsxSource, 'file'> = {}): Read {
  const { table, issues }: { table?: Table; issues: Issue[] } = readXlsx(
    bytes,
    'l.xlsx',
    choice,
    choice.limits,
  );
  return {
    columns: table?.columns.map(({ name }) => name),
    rows: table?.rows.map(plain) ?? [],
    issues: told(issues).sort(),
  };
}

async function streamed(
  bytes: Uint8Array,
  choice: Omit<XlsxSource, 'file'> = {},
  piece = 1_000,
): Promise<Read> {
  const source: ByteSource = {
    size: bytes.length,
    async *bytes(from, to) {
      for (let at = from; at < to; at += piece) yield bytes.subarray(at, Math.min(to, at + piece));
    },
  };
  const issues: Issue[] = [];
  const rows: unknown[] = [];
  let columns: string[] | undefined;
  const begin: Parameters<typeof xlsxRows>[3] = (reader) => {
    columns = reader.columns.map(({ name }) => name);
    return true;
  };
  const wanted = { ...choice, file: 'l.xlsx', limits: choice.limits ?? listLimits };
  for await (const row of xlsxRows(source, wanted, issues, begin)) rows.push(plain(row));
  return { columns, rows, issues: told(issues).sort() };
}

describe('a workbook that is read as it is unpacked', () => {
  it.each(readdirSync('test/fixtures/tabular').filter((name) => name.endsWith('.xlsx')))(
    'gives the rows, places and faults of one that is read at once: %s',
    async (name) => {
      const bytes = fixture(name);
      for (const sheet of [undefined, 'Partenaires', 'Pièges', 'absente'])
        for (const headerRow of [undefined, 3]) {
          const choice = { ...(sheet ? { sheet } : {}), ...(headerRow ? { headerRow } : {}) };
          expect(await streamed(bytes, choice)).toEqual(whole(bytes, choice));
        }
    },
  );

  it('does so wherever its bytes are cut, accents over the cut included', async () => {
    const rows = Array.from({ length: 60 }, (_, n) => [`é${n}`, 'œuvre — 20 €', `n° ${n % 3}`]);
    const bytes = workbook({ sheet: sheetOf([['id', 'nom', 'suite'], ...rows]) });
    const expected = whole(bytes);
    expect(expected.rows).toHaveLength(60);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 300 }), async (piece) => {
        expect(await streamed(bytes, {}, piece)).toEqual(expected);
      }),
      { numRuns: 20 },
    );
  });

  it('stops at the row beyond its limit, like the other', async () => {
    const bytes = workbook({ sheet: sheetOf([['id'], ['a'], ['b'], ['c']]) });
    const limits = { ...listLimits, rows: 2 };
    expect((await streamed(bytes, { limits })).issues).toEqual(whole(bytes, { limits }).issues);
    expect((await streamed(bytes, { limits: { ...limits, rows: 3 } })).issues).toEqual([]);
  });

  it('is refused where one row or part never ends, in memory that does not grow with it', async () => {
    const tooLarge = /trop grand/;
    const cell = workbook({ sheet: sheetOf([['id'], ['x'.repeat(40 * 1024 * 1024)]]) });
    expect((await streamed(cell, {}, 65_536)).issues[0]).toMatch(tooLarge);
    const texts = workbook({
      sheet: sheetOf([['id'], ['a']]),
      texts: `<sst>${' '.repeat(40 * 1024 * 1024)}</sst>`,
    });
    expect((await streamed(texts, {}, 65_536)).issues[0]).toMatch(tooLarge);
    const styles = workbook({
      sheet: sheetOf([['id'], ['a']]),
      styles: `<s>${' '.repeat(40 * 1024 * 1024)}</s>`,
    });
    expect((await streamed(styles, {}, 65_536)).issues[0]).toMatch(tooLarge);
  });

  it('cut or changed anywhere is told as damaged or read, and never makes reading throw', async () => {
    const bytes = fixture('partners.xlsx');
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(255), fc.boolean(), async (at, value, cut) => {
        const changed = cut ? bytes.slice(0, at) : Uint8Array.from(bytes);
        if (!cut) changed[at] = value;
        await streamed(changed);
      }),
      { numRuns: 150 },
    );
  });
});
