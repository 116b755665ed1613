import { afterAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRorSource } from '../../../src/directory/ror/source.ts';
import type { DirectorySource } from '../../../src/directory/types.ts';
import { directorySourceContract, readAll } from '../../contracts/directory-source.ts';
import { finess } from '../extract/lines.ts';

const now = (): number => Date.parse('2026-11-28T08:00:00Z');
const source = (file: string, authority: string[] = []): DirectorySource =>
  createRorSource({ id: 'ror', files: [file], authority, now });
const offerSystem = 'urn:oid:1.2.250.1.213.3.6';
const idNatSt = 'urn:oid:1.2.250.1.71.4.2.2';

function slice(number: number): object {
  const organization = {
    resourceType: 'Organization',
    id: `eg-${number}`,
    meta: { lastUpdated: '2026-11-20T04:00:00.000+01:00' },
    identifier: [
      { system: 'https://finess.esante.gouv.fr', value: finess(number) },
      { system: idNatSt, value: `1${finess(number)}` },
    ],
    active: true,
    name: `CENTRE ESSAI ${number}`,
  };
  const location = {
    resourceType: 'Location',
    id: `lieu-${number}`,
    identifier: [{ system: offerSystem, value: `LIEU-${number}` }],
    status: 'active',
    position: { latitude: 48.85, longitude: 2.35 },
    managingOrganization: { reference: `Organization/eg-${number}` },
  };
  const service = {
    resourceType: 'HealthcareService',
    id: `offre-${number}`,
    identifier: [{ system: offerSystem, value: `OFFRE-${number}` }],
    active: number % 2 === 0,
    providedBy: { reference: `Organization/eg-${number}` },
    characteristic: [{ coding: [{ system: 'urn:x', code: '42' }] }],
  };
  const entry = [organization, location, service].map((resource) => ({ resource }));
  return { resourceType: 'Bundle', type: 'collection', meta: { lastUpdated: '2026-11-27T02:00:00Z' }, entry };
}

directorySourceContract('The ROR export', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ror-'));
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  for (let number = 0; number < 6; number += 1) write(`ror-${number}.json`, JSON.stringify(slice(number)));
  write('cut.json', JSON.stringify(slice(7)).slice(0, 300));
  return {
    open: () => source(join(folder, 'ror-*.json')),
    keys: Array.from({ length: 6 }, (_, number) => [
      `Organization ${idNatSt}|1${finess(number)}`,
      `Location ${offerSystem}|LIEU-${number}`,
      `HealthcareService ${offerSystem}|OFFRE-${number}`,
    ]).flat(),
    mostRows: 3,
    broken: () => source(join(folder, 'none-*.json')),
    short: () => source(join(folder, 'cut.json')),
    close: async () => rmSync(folder, { recursive: true }),
  };
});

describe('the slices of a ROR export', () => {
  const folders: string[] = [];
  afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));
  const dropOf = (numbers: number[]): ((name: number) => void) & { pattern: string } => {
    const folder = mkdtempSync(join(tmpdir(), 'ror-'));
    folders.push(folder);
    const write = (number: number): void =>
      writeFileSync(join(folder, `ror-20261127-${number}.json`), JSON.stringify(slice(number)));
    numbers.forEach(write);
    return Object.assign(write, { pattern: join(folder, 'ror-*.json') });
  };

  it('are no proof of absence when their numbers leave one out', async () => {
    const { end } = await readAll(source(dropOf([1, 2, 4]).pattern));
    expect(end).toMatchObject({
      complete: false,
      incomplete: expect.stringContaining('la tranche 3 manque'),
    });
    expect((await readAll(source(dropOf([0, 1, 2]).pattern))).end.complete).toBe(true);
  });

  it('are no proof of absence when another one is dropped while they are read', async () => {
    const drop = dropOf([1, 2]);
    const signal = new AbortController().signal;
    const reading = source(drop.pattern).read({ mode: 'full', known: { has: () => false }, signal });
    await reading.next();
    drop(3);
    let step = await reading.next();
    while (!step.done) step = await reading.next();
    expect(step.value).toMatchObject({ complete: false, incomplete: expect.stringContaining('pas fini') });
  });
});

describe('a slice of a ROR export', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ror-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const readSlice = (content: unknown, authority: string[] = []) => {
    const path = join(folder, 'slice_20261127.json');
    writeFileSync(path, JSON.stringify(content));
    return readAll(source(path, authority));
  };

  it('tells offers with their establishment by the ROR’s own id, until it is known (P-1)', async () => {
    const { pages, end } = await readSlice(slice(1));
    const [organization, location, service] = pages[0]!.records;
    expect(organization).toMatchObject({ key: `${idNatSt}|1${finess(1)}`, remoteId: 'eg-1' });
    expect(location!.facts).toEqual({
      organization: { remote: 'eg-1' },
      position: { lat: 48.85, lon: 2.35 },
    });
    expect(service).toMatchObject({
      state: 'closed',
      facts: { organization: { remote: 'eg-1' }, codes: ['urn:x|42'] },
    });
    expect(end.asOf).toEqual(new Date('2026-11-27T02:00:00Z'));
  });

  it('is the same record when only its date of change moved', async () => {
    const [first] = (await readSlice(slice(1))).pages[0]!.records;
    const later = JSON.parse(JSON.stringify(slice(1)).replace('2026-11-20', '2026-11-26')) as object;
    expect((await readSlice(later)).pages[0]!.records[0]!.hash).toEqual(first!.hash);
  });

  it.each([
    ['without identifier', { resourceType: 'Organization', name: 'X' }, 'line:identifier'],
    [
      'of a type that is not held',
      { resourceType: 'Task', identifier: [{ system: 'urn:x', value: '1' }] },
      'line:type',
    ],
    ['missing', undefined, 'line:kind'],
  ])('tells a resource %s, and goes on', async (_, resource, rule) => {
    const { pages } = await readSlice({ resourceType: 'Bundle', entry: [{ resource }] });
    expect(pages[0]!.issues.map((issue) => issue.rule)).toEqual([rule]);
  });

  it('names the place of what it could not take, once a type that is not held', async () => {
    const task = { resource: { resourceType: 'Task', id: 'x' } };
    const entry = [task, task, { resource: { resourceType: 'Location', id: 'lieu-9' } }];
    const { pages } = await readSlice({ resourceType: 'Bundle', entry });
    const at = (index: number) => ({ file: 'slice_20261127.json', cell: `Bundle.entry[${index}]` });
    expect(pages[0]!.issues).toMatchObject([
      { rule: 'line:identifier', source: at(2) },
      { rule: 'line:type', message: expect.stringMatching(/^2 ressource.*Task/), source: at(0) },
    ]);
  });

  it.each([
    ['a resource that lost its identifier', { resource: { resourceType: 'Location', id: 'lieu-1' } }],
    ['an entry that lost its resource', { fullUrl: 'https://ror.example/fhir/Location/lieu-1' }],
  ])('tells that %s is there, and goes on proving the others’ absence (P-10)', async (_, one) => {
    const [organization] = (slice(1) as { entry: object[] }).entry;
    const { pages, end } = await readSlice({ resourceType: 'Bundle', entry: [organization, one] });
    expect(end.complete).toBe(true);
    expect(pages[0]!.unread).toEqual([{ kind: 'Location', remote: 'lieu-1' }]);
  });

  it.each([
    ['without identifier nor id', { resource: { resourceType: 'Location', status: 'active' } }],
    ['without resource nor address', {}],
  ])('proves nobody’s absence with an entry %s (P-10)', async (_, one) => {
    const { end } = await readSlice({
      ...slice(1),
      entry: [...(slice(1) as { entry: object[] }).entry, one],
    });
    expect(end).toMatchObject({ complete: false, incomplete: expect.stringMatching(/^1 entrée/) });
  });

  it('of which only offers are in the export’s authority: its establishments are not held, and counted (P-14)', async () => {
    const { pages, end } = await readSlice(slice(1), [offerSystem]);
    const [page] = pages;
    expect(page!.records.map(({ kind }) => kind)).toEqual(['Location', 'HealthcareService']);
    expect(page).toMatchObject({ rows: 2, issues: [{ rule: 'authority', severity: 'warning' }] });
    expect(end).toMatchObject({ complete: true, totals: [{ read: 0 }, { read: 1 }, { read: 1 }] });
  });

  it('names an establishment by a number of somebody else’s in vain (P-14)', async () => {
    const [free] = (await readSlice(slice(1))).pages[0]!.records;
    const [bound] = (await readSlice(slice(1), [`${idNatSt}|1`, offerSystem])).pages[0]!.records;
    expect(free!.facts.identifiers).toEqual([`https://finess.esante.gouv.fr|${finess(1)}`]);
    expect(bound!.facts).not.toHaveProperty('identifiers');
    expect(bound!.key).toBe(free!.key);
    expect(bound!.hash).not.toEqual(free!.hash); // so that a change of the rules is read anew
  });

  it('is refused when it is no Bundle', async () => {
    await expect(readSlice({ resourceType: 'OperationOutcome' })).rejects.toMatchObject({
      side: 'directory',
    });
  });
});
