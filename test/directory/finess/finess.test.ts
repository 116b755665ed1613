import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { communeOf } from '../../../src/directory/finess/etalab-line.ts';
import { createFinessSource } from '../../../src/directory/finess/source.ts';
import { fromProjection } from '../../../src/directory/finess/position.ts';
import { resourceOf } from '../../../src/directory/resource.ts';
import { systems } from '../../../src/fhir/identifiers.ts';
import type { Validator } from '../../../src/validation/validator.ts';
import { type Reading, readAll } from '../../contracts/directory-source.ts';
import { testValidator } from '../../validator.ts';
import { heldRow } from '../as-row.ts';
import { finess } from '../extract/lines.ts';
import { plusEntity, plusText, type Site, writeEtalab } from './files.ts';

const folder = mkdtempSync(join(tmpdir(), 'finess-'));
let validator: Validator;
beforeAll(async () => {
  validator = await testValidator();
});
afterAll(() => rmSync(folder, { recursive: true }));

const read = (file: string): Promise<Reading> =>
  readAll(createFinessSource({ id: 'finess', files: [file], now: () => Date.parse('2026-11-28') }));
const sites = (list: readonly Site[], encoding: BufferEncoding = 'utf8'): Promise<Reading> =>
  read(writeEtalab(folder, list, { encoding }));
const rules = ({ pages }: Reading): (string | undefined)[] =>
  pages.flatMap(({ issues }) => issues.map(({ rule }) => rule));
const records = ({ pages }: Reading) => pages.flatMap((page) => page.records);

describe('FINESS in the etalab layout', () => {
  it('tells name, legal entity, category, place and days of an establishment', async () => {
    const [record] = records(await sites([{ number: 1 }]));
    expect(record).toMatchObject({
      key: `urn:oid:1.2.250.1.71.4.2.2|1${finess(1)}`,
      state: 'active',
      facts: {
        partOf: { key: `urn:oid:1.2.250.1.71.4.2.2|1${finess(900001)}` },
        commune: '75123',
        name: 'CENTRE HOSPITALIER D’ESSAI 1',
        position: { lat: expect.closeTo(48.8566, 2), lon: expect.closeTo(2.352, 2) },
      },
    });
    const resource = resourceOf(heldRow(record!, 'finess'));
    expect(resource).toMatchObject({
      identifier: [{ value: `1${finess(1)}` }, { value: finess(1) }, { value: '99999001300017' }],
      address: [{ line: ['3 R DES TESTS'], postalCode: '75013', city: 'PARIS' }],
      extension: [{ valuePeriod: { start: '1979-02-13' } }],
    });
    expect(validator.validate(resource).filter(({ severity }) => severity !== 'information')).toEqual([]);
  });

  it('reads the same from Latin-1 and from UTF-8', async () => {
    const list = [{ number: 1, cells: { 4: 'MAISON DE SANTÉ' } }];
    const [utf8, latin1] = [await sites(list), await sites(list, 'latin1')];
    expect(records(latin1)[0]!.facts.name).toBe('MAISON DE SANTÉ');
    expect(records(utf8)[0]!.facts.name).toBe('MAISON DE SANTÉ');
  });

  it.each<[string, Site[], string]>([
    ['an RPPS in the FINESS column', [{ number: 1, cells: { 1: '10999900003' } }], 'line:rpps-there'],
    ['a FINESS number of eight figures', [{ number: 1, cells: { 1: '99000001' } }], 'line:finess'],
    ['a wrong check digit', [{ number: 1, cells: { 1: '990000011' } }], 'digit:finess'],
    ['one establishment twice (P-3)', [{ number: 1 }, { number: 1, cells: { 3: 'AUTRE' } }], 'line:twice'],
    ['coordinates at 0/0', [{ number: 1, x: '0', y: '0' }], 'position:far'],
    ['a day that is none', [{ number: 1, cells: { 28: '1979-02-31' } }], 'form:date'],
    ['an opening in the future', [{ number: 1, cells: { 28: '2031-01-01' } }], 'date:future'],
    [
      'a name with the separator in it',
      [{ number: 0 }, { number: 1, cells: { 3: 'A;B;C;D' } }],
      'line:cells',
    ],
  ])('tells %s', async (_, list, rule) => {
    expect(rules(await sites(list))).toContain(rule);
  });

  it.each<[string, Record<number, string>]>([
    ['an RPPS in the FINESS column', { 1: '10999900003' }],
    ['a FINESS number of eight figures', { 1: '99000001' }],
  ])('is no proof of absence with %s: that establishment is there (P-10)', async (_, cells) => {
    const { end } = await sites([{ number: 1, cells }, { number: 2 }]);
    expect(end).toMatchObject({ complete: false, incomplete: expect.stringMatching(/^1 ligne/) });
  });

  it.each<[string, Site]>([
    ['has no name', { number: 1, cells: { 3: '', 4: '' } }],
    ['has a separator in its name', { number: 1, cells: { 3: 'A;B;C;D' } }],
  ])('tells that an establishment is there whose line %s (P-10)', async (_, site) => {
    const { pages, end } = await sites([{ number: 2 }, site]);
    expect(end.complete).toBe(true);
    expect(pages.flatMap(({ unread = [] }) => unread)).toEqual([
      { kind: 'Organization', key: `${systems.idNatSt}|1${finess(1)}` },
    ]);
  });

  it('gives the same records whatever the order of the lines (P-3)', async () => {
    const list = [{ number: 1 }, { number: 2 }, { number: 1, cells: { 3: 'AUTRE' } }];
    const sorted = (reading: Reading): string[] =>
      records(reading)
        .map(({ content }) => content)
        .sort();
    expect(sorted(await sites(list))).toEqual(sorted(await sites([...list].reverse())));
  });

  it('is not complete without any establishment', async () => {
    const { end } = await sites([]);
    expect(end).toMatchObject({
      complete: false,
      incomplete: expect.stringContaining('aucun établissement'),
    });
  });

  it.each([
    ['01', '451', '01451'],
    ['1', '53', '01053'],
    ['2A', '004', '2A004'],
    ['9A', '123', '97123'],
    ['9D', '411', '97411'],
    ['971', '23', '97123'],
    ['75', '', undefined],
  ])('knows the commune %s %s by its INSEE code', (department, commune, code) => {
    expect(communeOf(department, commune)).toBe(code);
  });
});

describe('coordinates', () => {
  it.each([
    ['75056', 652469.0, 6862035.3, 48.8566, 2.3522],
    ['97120', 656700, 1796000, 16.24, -61.53],
    ['97302', 354000, 546000, 4.94, -52.32],
    ['97411', 338700, 7690000, -20.88, 55.45],
    ['97608', 523700, 8587000, -12.78, 45.22],
    ['97502', 562000, 5181000, 46.78, -56.19],
  ])('of the projection that is legal in %s are WGS84 degrees', (commune, x, y, lat, lon) => {
    const found = fromProjection(commune, x, y)!;
    expect(Math.abs(found.lat - lat)).toBeLessThan(0.02);
    expect(Math.abs(found.lon - lon)).toBeLessThan(0.02);
  });

  it('are none when they lie elsewhere', () =>
    expect(fromProjection('75056', 6862035, 652469)).toBeUndefined());
});

describe('FINESS+', () => {
  it('tells entities and sites, closed ones included, valid against our profiles (P-46)', async () => {
    const path = join(folder, 'finess-structures.json');
    writeFileSync(path, plusText([plusEntity(1, [7, 8])]));
    const reading = await read(path);
    expect(reading.end).toMatchObject({ complete: true, asOf: new Date('2026-11-27T05:49:37.615Z') });
    const [entity, closed, open] = records(reading);
    expect(entity).toMatchObject({ state: 'active', facts: { name: "ASSOCIATION [D'ESSAI] 1" } });
    expect(open).toMatchObject({
      state: 'active',
      facts: { partOf: { key: entity!.key }, commune: '97120', position: { lat: 16.2411, lon: -61.5331 } },
    });
    expect(resourceOf(heldRow(closed!, 'finess'))).toMatchObject({
      active: false,
      extension: [{ valuePeriod: { start: '1990-01-01', end: '2024-06-30' } }],
    });
    for (const record of records(reading)) {
      const issues = validator.validate(resourceOf(heldRow(record, 'finess')));
      expect(issues.filter(({ severity }) => severity !== 'information')).toEqual([]);
    }
  });

  it('tells that a site is there which has no name, and proves nothing where one has no number (P-10)', async () => {
    const read7 = async (site: object) => {
      const entity = plusEntity(1, [7, 8]) as { ege: { informationsGeneralesEGE: object }[] };
      const [first, ...others] = entity.ege;
      const info = { ...first!.informationsGeneralesEGE, ...site };
      const path = join(folder, 'finess-structures.json');
      writeFileSync(
        path,
        plusText([{ ...entity, ege: [{ ...first, informationsGeneralesEGE: info }, ...others] }]),
      );
      return read(path);
    };
    const { pages, end } = await read7({ nomEgeCourt: '', nomEgeLong: '' });
    expect(end.complete).toBe(true);
    expect(pages.flatMap(({ unread = [] }) => unread)).toEqual([
      { kind: 'Organization', key: `${systems.idNatSt}|1${finess(7)}` },
    ]);
    expect((await read7({ numFinessEge: '9900' })).end).toMatchObject({
      complete: false,
      incomplete: expect.stringMatching(/^1 ligne/),
    });
  });

  it('refuses a JSON text that is something else', async () => {
    const path = join(folder, 'finess-other.json');
    writeFileSync(path, '{"generatedAt":"2026-11-27T00:00:00Z","etablissements":[]}');
    await expect(read(path)).rejects.toMatchObject({ side: 'directory', category: 'invalid' });
  });
});
