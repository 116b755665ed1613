import { afterAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createExtractSource } from '../../../src/directory/extract/source.ts';
import { systems } from '../../../src/fhir/identifiers.ts';
import { longestLine } from '../../../src/directory/files/whole-lines.ts';
import { writeZip } from '../../../src/tabular/write-zip.ts';
import type { Known, ReadAsk } from '../../../src/directory/types.ts';
import { keysRead, knowing, type Reading, readAll } from '../../contracts/directory-source.ts';
import { type Cells, finess, header, headerLine, lineOf, rpps, writeExtract } from './lines.ts';

const folder = mkdtempSync(join(tmpdir(), 'extract-'));
afterAll(() => rmSync(folder, { recursive: true }));

const read = (file: string, ask: Partial<ReadAsk> = {}): Promise<Reading> =>
  readAll(createExtractSource({ id: 'rpps', files: [file], now: () => Date.parse('2026-11-28') }), ask);
const lines = (
  list: readonly string[],
  options?: Parameters<typeof writeExtract>[2],
  ask?: Partial<ReadAsk>,
): Promise<Reading> => read(writeExtract(folder, list, options), ask);
const issuesOf = ({ pages }: Reading) => pages.flatMap(({ issues }) => issues);
const rules = (reading: Reading) => issuesOf(reading).map(({ rule }) => rule);
const records = ({ pages }: Reading) => pages.flatMap((page) => page.records);
const told = (reading: Reading) =>
  records(reading)
    .map(({ kind, key, content }) => `${kind} ${key} ${content}`)
    .sort();
const ten = Array.from({ length: 10 }, (_, number) => lineOf(number, number % 3));

describe('a damaged extract', () => {
  it('that is cut in the middle of a line is read as far as it goes, and is not complete', async () => {
    const bytes = readFileSync(writeExtract(folder, ten));
    const path = join(folder, 'cut_20261127.txt');
    for (const missing of [1, 2, 3, 40, 300]) {
      writeFileSync(path, bytes.subarray(0, bytes.length - missing));
      const { end } = await read(path);
      const whole = missing === 1; // only the end of the line is missing
      expect({ missing, complete: end.complete }).toEqual({ missing, complete: whole });
      if (!whole) expect(end.incomplete).toContain('milieu de la ligne 11');
    }
  });

  it('that is empty is refused; one with a header alone proves nothing', async () => {
    const path = join(folder, 'empty.txt');
    writeFileSync(path, '');
    await expect(read(path)).rejects.toMatchObject({ side: 'directory', category: 'invalid' });
    expect((await lines([])).end).toMatchObject({ complete: false, incomplete: expect.any(String) });
  });

  it('with a line of 10 MB is refused with file and line, whatever is in it', async () => {
    const huge = lineOf(3, 3, { "Nom d'exercice": 'X'.repeat(10 * 1024 * 1024) });
    const error: unknown = await lines([...ten, huge]).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ side: 'directory', category: 'too-large' });
    expect((error as Error).message).toMatch(/^PS_LibreAcces.*\.txt:12:1 : /);
    expect((error as Error).message).not.toContain('XXXX');
  });

  it('with a line of just the longest length is read', async () => {
    const line = lineOf(3, 3);
    const name = 'X'.repeat(longestLine - Buffer.byteLength(line));
    const whole = lineOf(3, 3, { "Nom d'exercice": `ESSAI3${name}` });
    expect(Buffer.byteLength(whole)).toBe(longestLine);
    expect((await lines([whole])).end.complete).toBe(true);
    await expect(lines([`${whole.slice(0, -1)}X|`])).rejects.toMatchObject({ category: 'too-large' });
  });

  it('with lines of too few cells says so, once, with the first place and the count', async () => {
    const reading = await lines([...ten, 'a|b|c|', 'd|e|']);
    expect(issuesOf(reading)).toEqual([
      {
        ...{ severity: 'error', code: 'structure', rule: 'line:cells' },
        message: expect.stringContaining('2 fois'),
        source: { file: 'PS_LibreAcces_Personne_activite_202611270800.txt', line: 12, column: 1 },
      },
    ]);
    expect(reading.end.complete).toBe(false);
  });

  it.each<[string, Buffer[]]>([
    ['UTF-8, then Latin-1', [Buffer.from(lineOf(1, 1)), Buffer.from(lineOf(2, 2), 'latin1')]],
    ['Latin-1, then UTF-8', [Buffer.from(lineOf(1, 1), 'latin1'), Buffer.from(lineOf(2, 2))]],
    [
      'letters lost before',
      [Buffer.from(lineOf(1, 1)), Buffer.from(lineOf(2, 2, { "Prénom d'exercice": 'Zo\uFFFD' }))],
    ],
    ['NUL', [Buffer.from(lineOf(1, 1)), Buffer.from(lineOf(2, 2, { "Prénom d'exercice": 'Zo\0' }))]],
  ])('in two encodings or without its letters brakes: %s', async (_, bytes) => {
    const path = join(folder, 'mixed_20261127.txt');
    const head = header.map((name) => `${name.normalize('NFD').replace(/\p{M}/gu, '')}|`).join('');
    writeFileSync(
      path,
      Buffer.concat([Buffer.from(head), ...bytes].flatMap((line) => [line, Buffer.from('\n')])),
    );
    const brake = issuesOf(await read(path)).find(({ rule }) => rule === 'brake:encoding');
    expect(brake?.source?.line).toBe(3);
    expect(brake?.message).not.toContain('Zo');
  });
});

describe('the header of an extract', () => {
  it('is found by names: order, case, accents and spaces do not matter', async () => {
    const shuffled = [...header].reverse();
    const places = shuffled.map((name) => header.indexOf(name));
    const turned = ten.map((line) => places.map((place) => `${line.split('|')[place]}|`).join(''));
    const head = shuffled
      .map((name) => `${name.toUpperCase().normalize('NFD').replace(/\p{M}/gu, '')} |`)
      .join('');
    expect(told(await lines(turned, { head }))).toEqual(told(await lines(ten)));
  });

  it('that lacks what nothing works without is refused, naming the columns', async () => {
    const head = headerLine.replace('Identification nationale PP', 'Identifiant national nouveau');
    await expect(lines(ten, { head })).rejects.toMatchObject({
      side: 'directory',
      message: expect.stringContaining('« Identification nationale PP »'),
    });
  });

  it('with a renamed column brakes, naming it', async () => {
    const reading = await lines(ten, { head: headerLine.replace('Code savoir-faire', 'Code compétence') });
    const [issue] = issuesOf(reading);
    expect(issue).toMatchObject({ rule: 'brake:columns', source: { line: 1 } });
    expect(issue!.message).toContain('« Code savoir-faire »');
  });

  it('with one column twice is refused', async () => {
    const head = headerLine.replace('Code profession|', 'Code profession|Code profession|');
    await expect(lines(ten, { head })).rejects.toMatchObject({ category: 'ambiguous' });
  });

  it('of an older issue without roles and genres is read without a word', async () => {
    const short = (line: string): string => line.split('|').slice(0, 52).join('|');
    expect(rules(await lines(ten.map(short), { head: short(headerLine) }))).toEqual([]);
  });
});

describe('the date of an extract', () => {
  const named = (date: string, ask: Partial<ReadAsk> = {}) =>
    read(writeExtract(folder, ten, { name: `PS_LibreAcces_Personne_activite_${date}.txt` }), ask);

  it('is that of its name', async () => {
    expect((await named('202611250915')).end.asOf).toEqual(new Date('2026-11-25T09:15:00Z'));
  });

  it('brakes when it is before the one applied last, and not when it is the same', async () => {
    const asOf = new Date('2026-11-25T09:15:00Z');
    expect(rules(await named('202611240915', { asOf }))).toEqual(['brake:older']);
    expect(rules(await named('202611250915', { asOf }))).toEqual([]);
  });

  it('brakes when it lies in the future', async () => {
    expect(rules(await named('203001010000'))).toEqual(['brake:future']);
  });

  it('picks the newest of several files', async () => {
    const own = mkdtempSync(join(folder, 'several-'));
    for (const date of ['20261101', '20261123', '20261009'])
      writeExtract(own, ten, { name: `PS_LibreAcces_Personne_activite_${date}.txt` });
    const { end } = await read(join(own, 'PS_LibreAcces_*.txt'));
    expect(end.asOf).toEqual(new Date('2026-11-23T00:00:00Z'));
  });
});

describe('the archive of a publication', () => {
  const zipped = (parts: Parameters<typeof writeZip>[0]): string => {
    const path = join(folder, 'PS_LibreAcces_202611270800.zip');
    writeFileSync(path, writeZip(parts));
    return path;
  };
  const text = [headerLine, ...ten].map((line) => `${line}\n`).join('');
  const at = 'PS_LibreAcces_202611270800/PS_LibreAcces_';

  it('with its three files, in a folder of their own, is read, and says which two are not', async () => {
    const reading = await read(
      zipped([
        { name: `${at}Dipl_AutExerc_202611270800.txt`, text: 'x|' },
        { name: `${at}Personne_activite_202611270800.txt`, text },
        { name: `${at}SavoirFaire_202611270800.txt`, text: 'y|' },
      ]),
    );
    expect(reading.end.complete).toBe(true);
    expect(told(reading)).toEqual(told(await lines(ten)));
    expect(issuesOf(reading)).toMatchObject([
      {
        ...{ severity: 'information', rule: 'file:companions' },
        message: expect.stringMatching(/Dipl_AutExerc_202611270800.txt ».*SavoirFaire_202611270800.txt »/),
      },
    ]);
  });

  it('made on a Macintosh is read too: what that adds is no second file of the kind', async () => {
    const name = 'PS_LibreAcces_Personne_activite_202611270800.txt';
    const reading = await read(
      zipped([
        { name, text },
        { name: `__MACOSX/._${name}`, text: 'Mac OS X' },
      ]),
    );
    expect(reading.end.complete).toBe(true);
    expect(issuesOf(reading)).toEqual([]);
  });

  it('without the file of activities is refused', async () => {
    const path = zipped([{ name: `${at}SavoirFaire_202611270800.txt`, text: 'y|' }]);
    await expect(read(path)).rejects.toMatchObject({ category: 'not-found', side: 'directory' });
  });
});

describe('lines of an extract', () => {
  it('may have quotes and CRLF: quotes are data, ends are not', async () => {
    const quoted = [
      lineOf(1, 1, { 'Raison sociale site': 'CENTRE "LES ESSAIS', "Nom d'exercice": "D'ESSAI" }),
    ];
    const [unix, dos] = [await lines(quoted), await lines(quoted, { end: '\r\n' })];
    expect(records(unix).map(({ hash }) => hash)).toEqual(records(dos).map(({ hash }) => hash));
    expect(records(unix).find(({ kind }) => kind === 'Organization')!.facts.name).toBe('CENTRE "LES ESSAIS');
  });

  it('after a byte order mark are the same', async () => {
    const path = writeExtract(folder, ten);
    const plain = told(await read(path));
    writeFileSync(path, Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), readFileSync(path)]));
    expect(told(await read(path))).toEqual(plain);
  });

  it.each<[string, Cells, string]>([
    ['an RPPS in the FINESS column', { 'Numéro FINESS site': rpps(1) }, 'form:rpps-there'],
    ['a wrong FINESS check digit', { 'Numéro FINESS site': '990000011' }, 'digit:finess'],
    ['a wrong RPPS check digit', { 'Identification nationale PP': '810999900004' }, 'digit:rpps'],
    ['a wrong SIRET check digit', { 'Numéro SIRET site': '99999001300018' }, 'digit:siret'],
    ['a SIRET of nine figures', { 'Numéro SIRET site': '999990013' }, 'form:siret'],
    ['no national identifier', { 'Identification nationale PP': '' }, 'line:person'],
    ['no name', { "Nom d'exercice": '' }, 'line:name'],
  ])('with %s are told by rule, without their content', async (_, cells, rule) => {
    const reading = await lines([lineOf(1, 1, cells), ...ten]);
    const issue = issuesOf(reading).find((one) => one.rule === rule);
    expect(issue?.source?.line).toBe(2);
    for (const value of Object.values(cells)) if (value) expect(issue!.message).not.toContain(value);
  });

  it('without any number of a person make the reading no proof of absence: that one is there (P-10)', async () => {
    const cells = { 'Identification nationale PP': '', 'Identifiant PP': '' };
    const { end } = await lines([lineOf(1, 1, cells), ...ten]);
    expect(end).toMatchObject({ complete: false, incomplete: expect.stringMatching(/^1 ligne/) });
  });

  it('without a name are told by what they name, and the reading is whole (P-10)', async () => {
    const reading = await lines([lineOf(11, 11, { "Nom d'exercice": '' }), ...ten]);
    expect(reading.end.complete).toBe(true);
    expect(reading.pages.flatMap(({ unread = [] }) => unread)).toEqual([
      { kind: 'Practitioner', key: `${systems.idNatPs}|8${rpps(11)}` },
      { kind: 'Organization', key: `${systems.idNatSt}|1${finess(11)}` },
    ]);
  });

  it('that describe one person or structure in two ways are settled whatever their order, and counted (P-3)', async () => {
    const two = [
      lineOf(1, 1),
      lineOf(1, 2, { "Nom d'exercice": 'ESSAI1-AUTRE' }),
      lineOf(2, 1, { 'Raison sociale site': 'CENTRE AUTREMENT' }),
    ];
    const [one, other] = [await lines(two), await lines([...two].reverse())];
    expect(told(one)).toEqual(told(other));
    expect(rules(one).sort()).toEqual(['person:contradiction', 'structure:contradiction']);
  });

  it('that give one activity twice are two records with their own keys (P-3)', async () => {
    const twice = [
      lineOf(1, 1),
      lineOf(1, 1, { 'Téléphone (coord. structure)': '0199000001' }),
      lineOf(1, 1),
    ];
    const reading = await lines(twice);
    const roles = records(reading).filter(({ kind }) => kind === 'PractitionerRole');
    expect(new Set(roles.map(({ key }) => key)).size).toBe(2);
    expect(rules(reading)).toEqual(['role:twice']);
  });

  it('keep the key of an activity when its telephone changes, and not when it is another activity', async () => {
    const keysOf = async (cells: Cells) =>
      records(await lines([lineOf(1, 1, cells)])).find(({ kind }) => kind === 'PractitionerRole')!.key;
    const first = await keysOf({});
    expect(
      await keysOf({ 'Téléphone (coord. structure)': '0199000009', 'Libellé profession': 'MEDECIN' }),
    ).toBe(first);
    expect(await keysOf({ 'Code mode exercice': 'L' })).not.toBe(first);
  });
});

describe('reading what is partly known', () => {
  it('refuses to go on in a file that changed under a killed run, and says what happens next (P-8)', async () => {
    const path = writeExtract(folder, ten);
    const [page] = (await read(path)).pages;
    writeExtract(folder, ten.slice(1));
    await expect(read(path, { resume: page!.checkpoint })).rejects.toMatchObject({
      ...{ side: 'directory', category: 'conflict' },
      message: expect.stringContaining('relancez'),
    });
  });

  it('leaves a structure that no new line speaks of, though somebody new elsewhere works there too (P-3)', async () => {
    const before = [lineOf(1, 1), lineOf(2, 1, { 'Enseigne commerciale site': 'ENSEIGNE' })];
    const known = knowing((await lines(before)).pages);
    const reading = await lines([...before, lineOf(2, 2)], {}, { known });
    expect(keysRead(reading.pages).filter((key) => key.startsWith('Organization'))).toEqual([
      `Organization ${systems.idNatSt}|1${finess(2)}`,
    ]);
  });

  it('tells what a first reading would, whatever was known and whatever the order (property)', async () => {
    const cells = fc.record({
      person: fc.nat(5),
      place: fc.nat(3),
      phone: fc.constantFrom('0199000000', '0199000001'),
      name: fc.constantFrom('', '-BIS'),
      sign: fc.constantFrom('', 'ENSEIGNE'),
    });
    const written = cells.map(({ person, place, phone, name, sign }) =>
      lineOf(person, place, {
        'Téléphone (coord. structure)': phone,
        "Nom d'exercice": `ESSAI${person}${name}`,
        'Enseigne commerciale site': sign,
      }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(written, { maxLength: 12 }),
        fc.array(fc.nat(11)),
        fc.nat(),
        async (all, held, turn) => {
          const whole = await lines(all);
          const turned = [...all.slice(turn % (all.length + 1)), ...all.slice(0, turn % (all.length + 1))];
          expect(told(await lines(turned))).toEqual(told(whole));
          const before = await lines(all.filter((_, index) => held.includes(index)));
          const known: Known = knowing(before.pages);
          const after = told(await lines(turned, {}, { known }));
          const persons = (list: readonly string[]) =>
            list.filter((one) => !one.startsWith('PractitionerRole'));
          // What is told of persons and structures is what a first reading tells of them.
          for (const one of persons(after)) expect(told(whole)).toContain(one);
          // Nobody new is forgotten.
          const keys = (list: readonly string[]) =>
            new Set(persons(list).map((one) => one.split(' ').slice(0, 2).join(' ')));
          const both = new Set([...keys(after), ...keys(told(before))]);
          expect(both).toEqual(keys(told(whole)));
        },
      ),
      { numRuns: 60 },
    );
  });
});
