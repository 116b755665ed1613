import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createExtractSource } from '../../../src/directory/extract/source.ts';
import type { DirectorySource } from '../../../src/directory/types.ts';
import { directorySourceContract, keysRead, readAll } from '../../contracts/directory-source.ts';
import { finess, lineOf, rpps, writeExtract } from './lines.ts';

const now = (): number => Date.parse('2026-11-28T08:00:00Z');

directorySourceContract('The flat extract', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'extract-'));
  const lines = Array.from({ length: 90 }, (_, index) => lineOf(index % 60, index % 25));
  const path = writeExtract(folder, lines);
  const cut = join(folder, 'cut_20261127.txt');
  writeFileSync(cut, readFileSync(path).subarray(0, -60));
  const source = (files: string): DirectorySource =>
    createExtractSource({ id: 'rpps', files: [files], now, linesAPage: 25, recordsAPage: 20 });
  const { pages } = await readAll(source(path));
  const roles = keysRead(pages).filter((key) => key.startsWith('PractitionerRole '));
  return {
    open: () => source(join(folder, 'PS_LibreAcces_*.txt')),
    keys: [
      ...new Set(roles),
      ...Array.from({ length: 60 }, (_, n) => `Practitioner urn:oid:1.2.250.1.71.4.2.1|8${rpps(n)}`),
      ...Array.from({ length: 25 }, (_, n) => `Organization urn:oid:1.2.250.1.71.4.2.2|1${finess(n)}`),
    ],
    mostRows: 90,
    broken: () => source(join(folder, 'none_*.txt')),
    short: () => source(cut),
    close: async () => rmSync(folder, { recursive: true }),
  };
});
