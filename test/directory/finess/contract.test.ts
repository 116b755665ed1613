import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { createFinessSource } from '../../../src/directory/finess/source.ts';
import type { DirectorySource } from '../../../src/directory/types.ts';
import { directorySourceContract } from '../../contracts/directory-source.ts';
import { finess } from '../extract/lines.ts';
import { plusEntity, plusText, writeEtalab } from './files.ts';

const now = (): number => Date.parse('2026-11-28T08:00:00Z');
const source = (file: string): DirectorySource =>
  createFinessSource({ id: 'finess', files: [file], now, rowsAPage: 20 });
const keyOf = (number: number): string => `Organization urn:oid:1.2.250.1.71.4.2.2|1${finess(number)}`;

directorySourceContract('FINESS in the etalab layout', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'finess-'));
  const numbers = Array.from({ length: 90 }, (_, index) => index);
  const path = writeEtalab(
    folder,
    numbers.map((number) => ({ number })),
  );
  const cut = join(folder, 'cut.csv');
  const bytes = readFileSync(path);
  writeFileSync(cut, bytes.subarray(0, bytes.indexOf('geolocalisation') - 90));
  return {
    open: () => source(path),
    keys: numbers.map(keyOf),
    mostRows: 20,
    broken: () => source(join(folder, 'none_*.csv')),
    short: () => source(cut),
    close: async () => rmSync(folder, { recursive: true }),
  };
});

directorySourceContract('FINESS+', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'finess-'));
  const entities = Array.from({ length: 40 }, (_, number) =>
    plusEntity(number, [number * 2, number * 2 + 1]),
  );
  const text = plusText(entities);
  const path = join(folder, 'finess-structures-journalier-20261127_json.gz');
  writeFileSync(path, gzipSync(text));
  const cut = join(folder, 'cut.json');
  writeFileSync(cut, text.slice(0, -900));
  const sites = Array.from({ length: 80 }, (_, number) => number);
  return {
    open: () => source(path),
    keys: [...sites, ...Array.from({ length: 40 }, (_, number) => 900000 + number)].map(keyOf),
    mostRows: 23,
    broken: () => source(folder),
    short: () => source(cut),
    close: async () => rmSync(folder, { recursive: true }),
  };
});
