import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { afterAll, expect, test } from '@jest/globals';
import proj4 from 'proj4';
import type { AnyResource } from '../../../../src/fhir/types.ts';
import { project } from '../../../../src/sandbox/annuaire/files/project.ts';
import type { FileOptions, FileQuirks } from '../../../../src/sandbox/annuaire/files/types.ts';
import { writeFiles } from '../../../../src/sandbox/annuaire/files/write-files.ts';
import { createPopulation } from '../../../../src/sandbox/annuaire/population/population.ts';
import type { Population } from '../../../../src/sandbox/annuaire/population/types.ts';
import { testValidator } from '../../../validator.ts';

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

async function written(population: Population, options: FileOptions): Promise<Record<string, Buffer>> {
  const folder = await mkdtemp(join(tmpdir(), 'passerelle-files-'));
  folders.push(folder);
  const told = await writeFiles(population, folder, options);
  const names = (await readdir(folder)).sort();
  expect(told.map(({ path }) => path).sort()).toEqual(names.map((name) => join(folder, name)));
  const contents = await Promise.all(names.map((name) => readFile(join(folder, name))));
  told.forEach(({ path, bytes }) => {
    expect(contents[names.indexOf(path.slice(folder.length + 1))]!.length).toBe(bytes);
  });
  return Object.fromEntries(names.map((name, position) => [name, contents[position]!]));
}

function population(roles = 300): Population {
  const made = createPopulation({ seed: 11, roles, start: '2026-03-02', quirks: { wrongDigit: 0 } });
  for (let day = 0; day < 25; day += 1) made.advance();
  return made;
}

/** Rows of a pipe-separated text as records by header: knows nothing but the separator. */
function table(bytes: Buffer): Record<string, string>[] {
  const [head, ...lines] = bytes.toString('utf8').trimEnd().split('\n');
  const header = head!.split('|');
  return lines.map((line) => {
    const cells = line.split('|');
    expect(cells).toHaveLength(header.length);
    return Object.fromEntries(header.map((name, column) => [name, cells[column]!]));
  });
}

async function activities(quirks: FileQuirks = {}, roles?: number): Promise<Buffer> {
  const files = await written(population(roles), { kinds: ['extract'], quirks });
  return Object.entries(files).find(([name]) => name.includes('Personne_activite'))![1];
}

test('the extract has a line for each open role of an open person, and for each open person without one', async () => {
  const made = population();
  const files = await written(made, { kinds: ['extract'] });
  expect(Object.keys(files)).toEqual([
    'PS_LibreAcces_Dipl_AutExerc_202603270830.txt',
    'PS_LibreAcces_Personne_activite_202603270830.txt',
    'PS_LibreAcces_SavoirFaire_202603270830.txt',
  ]);
  const rows = table(files['PS_LibreAcces_Personne_activite_202603270830.txt']!);
  expect(Object.keys(rows[0]!)).toHaveLength(57);
  const active = made.entries('Practitioner', { active: true }, -1, Infinity);
  const expected = active.flatMap(({ index }) => {
    const person = made.person(index)!;
    const roles = made
      .linked('PractitionerRole', 'practitioner', index)
      .filter((role) => made.isActive('PractitionerRole', role))
      .map((role) => made.role(role)!);
    return (roles.length ? roles : [undefined]).map((role) => {
      const structure = role?.structure === undefined ? undefined : made.structure(role.structure);
      return [
        person.rpps,
        person.family,
        role?.mode.code ?? '',
        structure?.finess ?? '',
        structure?.idNatSt ?? '',
      ];
    });
  });
  const found = rows.map((row) => [
    row['Identifiant PP'],
    row["Nom d'exercice"],
    row['Code mode exercice'],
    row['Numéro FINESS site'],
    row['Ancien identifiant de la structure'],
  ]);
  expect(found.sort()).toEqual(expected.sort());
  const mails = rows.map((row) => row['Adresse e-mail (coord. structure)']!).filter((mail) => mail !== '');
  expect(mails.length).toBeGreaterThan(50);
  expect(mails.every((mail) => mail.endsWith('.mssante.example'))).toBe(true);
  const placed = rows.filter((row) => row['Ancien identifiant de la structure'] !== '');
  expect(
    placed.every((row) => /^[0-9]{5}$|^2[AB][0-9]{3}$/.test(row['Code commune (coord. structure)']!)),
  ).toBe(true);
  expect(placed.every((row) => row['Code genre activité'] === 'GENR01')).toBe(true);
  expect(placed.every((row) => /^SA[0-9]{2}$/.test(row["Code secteur d'activité"]!))).toBe(true);
  const knowHows = table(files['PS_LibreAcces_SavoirFaire_202603270830.txt']!);
  expect(knowHows).toHaveLength(active.filter(({ index }) => made.person(index)!.knowHow).length);
  const degrees = table(files['PS_LibreAcces_Dipl_AutExerc_202603270830.txt']!);
  expect(degrees.every((row) => row['Code type diplôme obtenu'] === 'DE')).toBe(true);
});

test('the same day gives the same bytes; shuffling gives the same rows in another order', async () => {
  const [one, same, shuffled] = [
    await activities(),
    await activities(),
    await activities({ shuffled: true }),
  ];
  expect(one.equals(same)).toBe(true);
  expect(shuffled.equals(one)).toBe(false);
  const sorted = (bytes: Buffer): string[] => bytes.toString('utf8').split('\n').sort();
  expect(sorted(shuffled)).toEqual(sorted(one));
});

test('a header can be renamed, columns moved, lines end with CR LF after a byte order mark', async () => {
  const bytes = await activities({
    renamed: { 'Numéro FINESS site': 'FINESS du site' },
    moved: true,
    crlf: true,
    bom: true,
  });
  const text = bytes.toString('utf8');
  expect(text.startsWith('\ufeffNuméro Voie (coord. structure)|')).toBe(true);
  expect(text).toContain('|FINESS du site|');
  expect(text).not.toContain('Numéro FINESS site');
  expect(text.split('\r\n').length).toBe(text.split('\n').length);
  const plain = (rows: Record<string, string>[]): unknown[] => rows.map((row) => row['Identifiant PP']);
  const untwisted = Buffer.from(text.replaceAll('\r\n', '\n').slice(1));
  expect(plain(table(untwisted))).toEqual(plain(table(await activities())));
});

test('rows are left out, repeated, damaged and misplaced in the share asked for; a cut ends in a line', async () => {
  const whole = table(await activities()).length;
  const lines = (bytes: Buffer): number => bytes.toString('utf8').trimEnd().split('\n').length - 1;
  const dropped = lines(await activities({ dropped: 0.3 }));
  expect(dropped / whole).toBeGreaterThan(0.6);
  expect(dropped / whole).toBeLessThan(0.8);
  const repeated = lines(await activities({ repeated: 0.2 }));
  expect(repeated / whole).toBeGreaterThan(1.1);
  expect(repeated / whole).toBeLessThan(1.3);
  const cut = (await activities({ cut: 0.5 })).toString('utf8');
  expect(lines(Buffer.from(cut))).toBe(Math.floor(whole / 2) + 1);
  expect(cut.endsWith('\n')).toBe(false);
  const misplaced = table(await activities({ misplaced: 0.5 }));
  const share = misplaced.filter((row) => row['Numéro FINESS site'] === row['Identifiant PP']).length / whole;
  expect(share).toBeGreaterThan(0.35);
  expect(share).toBeLessThan(0.65);
  const damaged = (await activities({ damaged: 0.5 })).toString('utf8');
  expect(damaged).toContain('\ufffd');
  expect(damaged.split('\n')[0]).not.toContain('\ufffd');
});

test('zips hold the same text: one for all three, or one each', async () => {
  const plain = await written(population(), { kinds: ['extract'] });
  const one = await written(population(), { kinds: ['extract'], zip: 'one' });
  expect(Object.keys(one)).toEqual(['PS_LibreAcces_202603270830.zip']);
  expect(unzip(Object.values(one)[0]!)).toEqual(plain);
  const each = await written(population(), { kinds: ['extract'], zip: 'each' });
  expect(Object.keys(each)).toHaveLength(3);
  expect(Object.assign({}, ...Object.values(each).map(unzip))).toEqual(plain);
  const again = await written(population(), { kinds: ['extract'], zip: 'one' });
  expect(Object.values(again)[0]!.equals(Object.values(one)[0]!)).toBe(true);
});

test('FINESS lists every open site, in the old layout and in FINESS+, at the same place', async () => {
  const made = population(2000);
  const files = await written(made, { kinds: ['finess', 'finess-plus'] });
  const old = files['etalab-cs1100507-stock-20260327-0339.csv']!.toString('utf8').trimEnd().split('\n');
  expect(old[0]).toBe('finess;etalab;98;2026-03-27');
  const rows = old.slice(1).map((line) => line.split(';'));
  const structures = rows.filter(([kind]) => kind === 'structureet');
  const positions = new Map(rows.filter(([kind]) => kind === 'geolocalisation').map((row) => [row[1], row]));
  const wanted = made
    .entries('Organization', { active: true }, -1, Infinity)
    .map(({ index }) => made.structure(index)!)
    .filter(({ level }) => level === 'site');
  expect(structures.map((row) => row[1]).sort()).toEqual(wanted.map(({ finess }) => finess).sort());
  expect(structures.every((row) => row.length === 32)).toBe(true);
  expect(positions.size).toBe(structures.length);

  type Plus = {
    pmej: {
      informationsGeneralesPMEJ: { numFinessPm: string };
      ege: {
        informationsGeneralesEGE: { numFinessEge: string };
        etatObjet: string;
        adresse: { coordonneesGeographique: Record<string, string> }[];
      }[];
    }[];
  };
  const plus = JSON.parse(files['finess-structures-journalier-20260327.json']!.toString('utf8')) as Plus;
  const open = plus.pmej.flatMap(({ ege }) => ege).filter(({ etatObjet }) => etatObjet === 'A');
  expect(open.map((one) => one.informationsGeneralesEGE.numFinessEge).sort()).toEqual(
    structures.map((row) => row[1]).sort(),
  );
  for (const { informationsGeneralesEGE, adresse } of open) {
    const [, , x, y] = positions.get(informationsGeneralesEGE.numFinessEge)!;
    const { coordonneeX, coordonneeY } = adresse[0]!.coordonneesGeographique;
    expect(Number(coordonneeY)).toBeCloseTo(Number(x), 0);
    expect(Number(coordonneeX)).toBeCloseTo(Number(y), 0);
  }
});

test('coordinates agree with an independent library in every territory, to a decimetre', () => {
  const definitions: Record<string, string> = {
    '75': '+proj=lcc +lat_1=49 +lat_2=44 +lat_0=46.5 +lon_0=3 +x_0=700000 +y_0=6600000 +ellps=GRS80',
    '971': '+proj=utm +zone=20 +ellps=GRS80',
    '973': '+proj=utm +zone=22 +ellps=GRS80',
    '974': '+proj=utm +zone=40 +south +ellps=GRS80',
    '976': '+proj=utm +zone=38 +south +ellps=GRS80',
  };
  const places: [string, number, number][] = [
    ['75', 48.8566, 2.3522],
    ['75', 41.9, 8.7],
    ['75', 48.4, -4.5],
    ['971', 16.2, -61.5],
    ['971', 14.6, -61.0],
    ['973', 4.9, -52.3],
    ['974', -21.1, 55.5],
    ['976', -12.8, 45.2],
  ];
  for (const [department, lat, lon] of places) {
    const [x, y] = proj4('+proj=longlat +ellps=GRS80', definitions[department]!, [lon, lat]);
    const own = project(department, lat, lon);
    expect(Math.abs(own.x - x)).toBeLessThan(0.1);
    expect(Math.abs(own.y - y)).toBeLessThan(0.1);
  }
});

test('the ROR export is slices of valid resources that refer to each other', async () => {
  const validator = await testValidator();
  const files = await written(population(2000), { kinds: ['ror'], slice: 10 });
  const bundles = Object.values(files).map((bytes) => JSON.parse(bytes.toString('utf8')) as AnyResource);
  expect(bundles.length).toBeGreaterThan(2);
  const resources = bundles.flatMap((bundle) => {
    const entry = bundle['entry'] as { fullUrl: string; resource: AnyResource }[];
    expect(entry.length).toBeLessThanOrEqual(10);
    return entry.map(({ resource }) => resource);
  });
  const known = new Set(resources.map(({ resourceType, id }) => `${resourceType}/${id}`));
  for (const resource of resources) {
    const { profile: _profile, ...meta } = resource.meta ?? {};
    const faults = validator.validate({ ...resource, meta }).filter(({ severity }) => severity === 'error');
    expect(faults).toEqual([]);
    for (const [reference] of JSON.stringify(resource).matchAll(/(?<="reference":")[^"]+/g)) {
      expect(known).toContain(reference);
    }
  }
});

test('the old layout can be ISO-8859-1', async () => {
  const files = await written(population(600), { kinds: ['finess'], encoding: 'latin1' });
  const bytes = Object.values(files)[0]!;
  expect(bytes.toString('utf8')).toContain('\ufffd');
  expect(bytes.toString('latin1')).toContain("Pharmacie d'Officine");
  expect(bytes.toString('latin1')).toContain('Médicaux');
});

/** Members of a zip, by its central directory: enough for what yazl writes. */
function unzip(zip: Buffer): Record<string, Buffer> {
  const members: Record<string, Buffer> = {};
  for (let at = zip.readUInt32LE(zip.length - 6); zip.readUInt32LE(at) === 0x02014b50;) {
    const [size, nameLength] = [zip.readUInt32LE(at + 20), zip.readUInt16LE(at + 28)];
    const local = zip.readUInt32LE(at + 42);
    const name = zip.toString('utf8', at + 46, at + 46 + nameLength);
    const data = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    members[name] = inflateRawSync(zip.subarray(data, data + size));
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return members;
}
