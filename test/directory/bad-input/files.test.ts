/** Every bad extract of issue 5 through the whole of a synchronisation: told clearly, nothing half-applied, gone on with. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createExtractSource } from '../../../src/directory/extract/source.ts';
import { summaryOf } from '../../../src/directory/run-summary.ts';
import { writeZip } from '../../../src/tabular/write-zip.ts';
import { freshDatabase, type TestDatabase } from '../../database.ts';
import { finess, header, headerLine, lineOf, rpps, writeExtract } from '../extract/lines.ts';
import { heldRows, sync, syncParts } from '../sync-ground.ts';

let database: TestDatabase;
const folder = mkdtempSync(join(tmpdir(), 'bad-extract-'));
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await database.close();
});

const name = (day: string, end = 'txt'): string => `PS_LibreAcces_Personne_activite_${day}0800.${end}`;
const [first, second] = ['20261127', '20261128'];
const phone = { 'Téléphone (coord. structure)': '0199000777' };
/** Forty activities; on the second day one of them has another telephone and one is new. */
const dayOne = Array.from({ length: 40 }, (_, number) => lineOf(number, number % 5));
const dayTwo = [...dayOne.slice(0, 39), lineOf(39, 4, phone), lineOf(40, 0)];
const textOf = (lines: readonly string[], end = '\n'): string =>
  [headerLine, ...lines].map((line) => `${line}${end}`).join('');
const write = (at: string, bytes: string | Uint8Array, file = name(second)): void =>
  writeFileSync(join(at, file), bytes);

/** `stops`: nothing of it is applied, and a person is told why; `goes`: it is applied, and the oddity told or harmless. */
type Case = [name: string, damage: (at: string) => void, expected: Expected];
type Expected =
  { stops: 'failed' | 'braked'; says: RegExp } | { goes: 'same' | 'more' | 'incomplete'; rule?: string };

const cut = Buffer.from(textOf(dayTwo));
const cases: Case[] = [
  ['cut in the middle', (at) => write(at, cut.subarray(0, cut.length - 60)), { goes: 'incomplete' }],
  [
    'cut after half of it',
    (at) => write(at, cut.subarray(0, cut.length / 2)),
    { stops: 'braked', says: /lignes/ },
  ],
  [
    'whose columns are moved',
    (at) => {
      const places = [...header].map((_, index) => index).reverse();
      const turned = (line: string) => places.map((place) => `${line.split('|')[place]}|`).join('');
      write(at, [headerLine, ...dayTwo].map((line) => `${turned(line)}\n`).join(''));
    },
    { stops: 'braked', says: /fiches/ }, // every line reads otherwise: a person looks once
  ],
  [
    'whose identifying column is renamed',
    (at) => write(at, textOf(dayTwo).replace('Identification nationale PP', 'Identifiant nouveau')),
    { stops: 'failed', says: /:1:1.*« Identification nationale PP »|« Identification nationale PP »/ },
  ],
  [
    'one of whose columns is renamed',
    (at) => write(at, textOf(dayTwo).replace('Code savoir-faire|', 'Code compétence|')),
    { stops: 'braked', says: /« Code savoir-faire »/ },
  ],
  [
    'as a zip with two files of the kind',
    (at) =>
      write(
        at,
        writeZip([
          { name: name(first), text: textOf(dayOne) },
          { name: name(second), text: textOf(dayTwo) },
        ]),
        name(second, 'zip'),
      ),
    { stops: 'failed', says: /plusieurs|2 fichiers|deux/i },
  ],
  [
    'as a zip that would explode',
    (at) => write(at, writeZip([{ name: name(second), text: '0'.repeat(40_000_000) }]), name(second, 'zip')),
    { stops: 'failed', says: /\.zip/ },
  ],
  [
    'in two encodings',
    (at) =>
      write(at, Buffer.concat([Buffer.from(textOf(dayTwo)), Buffer.from(`${lineOf(41, 1)}\n`, 'latin1')])),
    { stops: 'braked', says: /encodage|codage/i },
  ],
  [
    'with quotes inside fields',
    (at) => write(at, textOf([...dayTwo, lineOf(42, 1, { "Nom d'exercice": 'D"ESSAI "42' })])),
    { goes: 'more' },
  ],
  ['with CRLF', (at) => write(at, textOf(dayTwo, '\r\n')), { goes: 'same' }],
  [
    'with a line of 10 MB',
    (at) => write(at, textOf([...dayTwo, lineOf(43, 1, { "Nom d'exercice": 'X'.repeat(10 * 1024 * 1024) })])),
    { stops: 'failed', says: /\.txt:43:1 : / },
  ],
  [
    'with one activity twice',
    (at) => write(at, textOf([...dayTwo, lineOf(39, 4, { 'Téléphone (coord. structure)': '0199000888' })])),
    { goes: 'more', rule: 'role:twice' },
  ],
  [
    'with an RPPS in the column of FINESS',
    (at) => write(at, textOf([...dayTwo, lineOf(44, 1, { 'Numéro FINESS site': rpps(44) })])),
    { goes: 'more', rule: 'form:rpps-there' },
  ],
  [
    'of a date to come',
    (at) => write(at, textOf(dayTwo), name('20301231')),
    { stops: 'braked', says: /futur|venir|2030/ },
  ],
  [
    'with 30 % fewer rows',
    (at) => write(at, textOf(dayTwo.slice(0, 26))),
    { stops: 'braked', says: /lignes/ },
  ],
  [
    'of the day before yesterday',
    (at) => write(at, textOf(dayOne), name('20261125')),
    { stops: 'braked', says: /2026|ancien|avant/ },
  ],
];

const now = (): number => Date.parse('2026-11-28T12:00:00Z');
const read = (id: string, at: string) =>
  sync(
    syncParts(database.store, { brake: { share: 0.05, freely: 6 } }),
    createExtractSource({ id, files: [join(at, 'PS_LibreAcces_*')], now }),
  );
const held = async (id: string) =>
  (await heldRows(database.store, id)).map(({ source: _source, ...row }) => row);

describe('an extract', () => {
  it.each(cases)(
    '%s: clear report, nothing half-applied, and the good one is taken after it',
    async (what, damage, expected) => {
      const id = what.replaceAll(/[^a-z0-9]+/gi, '-').toLowerCase();
      const at = join(folder, id);
      mkdirSync(at);
      writeExtract(at, dayOne, { name: name(first) });
      expect((await read(id, at)).status).toBe('applied');
      const before = await held(id);
      rmSync(join(at, name(first)));
      damage(at);

      const attempt = await read(id, at).catch((error: unknown) => error as Error);
      const [run] = await database.store.directory.runs(1, id);
      const summary = summaryOf(run!);
      if ('stops' in expected) {
        expect(run!.status).toBe(expected.stops);
        const told = [summary.reason ?? '', ...(summary.issues ?? []).map(({ message }) => message)].join(
          '\n',
        );
        expect(told).toMatch(expected.says);
        if (attempt instanceof Error)
          expect(attempt).toMatchObject({ side: 'directory', message: summary.reason });
        expect(await held(id)).toEqual(before);
      } else {
        expect(run!.status).toBe('applied');
        expect(run!.complete).toBe(expected.goes !== 'incomplete');
        if (expected.goes === 'incomplete') expect(summary.incomplete).toMatch(/milieu de la ligne/);
        if (expected.rule) expect(summary.issues?.map(({ rule }) => rule)).toContain(expected.rule);
        expect((await held(id)).every(({ state }) => state === 'active')).toBe(true);
      }

      rmSync(at, { recursive: true });
      mkdirSync(at);
      writeExtract(at, dayTwo, { name: name(second) });
      expect((await read(id, at)).status).toBe('applied');
      const rest = (await held(id)).filter(
        ({ state, name: who }) => state === 'active' && !String(who).includes('42'),
      );
      const missing = (await held('undisturbed')).filter(
        (row) => !rest.some((one) => JSON.stringify(one) === JSON.stringify(row)),
      );
      expect(missing).toEqual([]);
    },
  );

  beforeAll(async () => {
    const at = join(folder, 'undisturbed');
    mkdirSync(at);
    writeExtract(at, dayOne, { name: name(first) });
    await read('undisturbed', at);
    rmSync(join(at, name(first)));
    writeExtract(at, dayTwo, { name: name(second) });
    await read('undisturbed', at);
    expect(readFileSync(join(at, name(second)), 'utf8')).toContain(finess(4));
  });

  it('read a second time changes nothing', async () => {
    const id = 'again';
    const at = join(folder, id);
    mkdirSync(at);
    writeExtract(at, dayTwo, { name: name(second) });
    await read(id, at);
    const before = await held(id);
    const run = await read(id, at);
    expect(run.status).toBe('applied');
    expect(summaryOf(run).counts).toEqual({});
    expect(await held(id)).toEqual(before);
  });
});
