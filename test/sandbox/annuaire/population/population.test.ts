import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { communesText } from '../../../../scripts/emulated-communes.ts';
import { checkFiness, checkRpps, luhnValid } from '../../../../src/fhir/identifiers.ts';
import type { AnyResource, Identifier } from '../../../../src/fhir/types.ts';
import { createPopulation } from '../../../../src/sandbox/annuaire/population/population.ts';
import { readPinned } from '../../../../src/sandbox/annuaire/population/read-pinned.ts';
import {
  type LifeRates,
  type Population,
  type Quirks,
  servedTypes,
} from '../../../../src/sandbox/annuaire/population/types.ts';
import { testValidator } from '../../../validator.ts';

const start = '2026-01-05';
const calm: Quirks = {
  wrongDigit: 0,
  sameSiret: 0,
  sameFiness: 0,
  hidden: 0,
  vanish: 0,
  staleRole: 0,
  lingering: 0,
  otherMailbox: 0,
  recreate: 0,
  reload: 0,
  platform: 0,
};
const still: LifeRates = {
  newPerson: 0,
  retirement: 0,
  move: 0,
  secondRole: 0,
  roleChange: 0,
  nameChange: 0,
  mailboxChange: 0,
  opening: 0,
  closing: 0,
  renaming: 0,
  relocation: 0,
  merger: 0,
};

function everything(population: Population): AnyResource[] {
  return servedTypes.flatMap((type) =>
    population.entries(type, {}, -1, Infinity).map((entry) => entry.resource()),
  );
}

function digestOf(population: Population): string {
  return createHash('sha256')
    .update(JSON.stringify(everything(population)))
    .digest('hex');
}

/** Base R4 is asked for: the French profiles are not here. */
function withoutProfiles(resource: AnyResource): AnyResource {
  const { profile: _profile, ...meta } = resource.meta ?? {};
  return { ...resource, meta };
}

test('the same seed gives the same bytes, today and forty days later; another seed gives others', () => {
  const make = (seed: number): Population => createPopulation({ seed, roles: 300, start });
  const [one, same, other] = [make(1), make(1), make(2)];
  expect(digestOf(one)).toBe(digestOf(same));
  expect(digestOf(one)).not.toBe(digestOf(other));
  for (let day = 0; day < 40; day += 1) expect(one.advance()).toEqual(same.advance());
  expect(digestOf(one)).toBe(digestOf(same));
  expect(one.day).toBe('2026-02-14');
});

test('these bytes are the bytes on any machine', () => {
  const population = createPopulation({ seed: 42, roles: 100, start });
  for (let day = 0; day < 10; day += 1) population.advance();
  expect(digestOf(population)).toMatchInlineSnapshot(
    `"6d16373bc8d275bec848f9b8d84e1eea0841e0e754be1c81b907f89b9c445bf0"`,
  );
});

test('every resource is valid R4, on the first day and after a lively month', async () => {
  const validator = await testValidator();
  const rates = Object.fromEntries(Object.keys(still).map((name) => [name, 0.01])) as LifeRates;
  const population = createPopulation({ seed: 3, roles: 400, start, rates });
  for (let day = 0; day < 30; day += 1) population.advance();
  const faults = everything(population).flatMap((resource) =>
    validator
      .validate(withoutProfiles(resource))
      .filter(({ severity }) => severity === 'error')
      .map(({ expression, message }) => `${resource.resourceType}: ${expression} ${message}`),
  );
  expect([...new Set(faults)]).toEqual([]);
});

test('resources are shaped as the public profiles: no birth date, no period, no specialty; stubs are bare', () => {
  const rates = { ...still, retirement: 0.05, move: 0.05, closing: 0.02 };
  const population = createPopulation({ seed: 3, roles: 400, start, rates, quirks: calm });
  for (let day = 0; day < 10; day += 1) population.advance();
  for (const resource of everything(population)) {
    for (const name of ['gender', 'birthDate', 'period', 'specialty', 'healthcareService']) {
      expect(resource).not.toHaveProperty(name);
    }
    if (resource.resourceType === 'Practitioner') expect(resource).not.toHaveProperty('address');
    expect(resource.meta?.source).toBe('https://annuaire.esante.gouv.fr');
    if (resource['active'] !== false && resource['status'] !== 'inactive') continue;
    const status = resource.resourceType === 'Device' ? 'status' : 'active';
    expect(Object.keys(resource).sort()).toEqual([status, 'id', 'identifier', 'meta', 'resourceType'].sort());
  }
});

test('every identifier of every record finds it, and every remote id', () => {
  const pinned = readPinned(readFileSync('examples/directory/known-identifiers.json', 'utf8'));
  const quirks = { ...calm, wrongDigit: 0.1, sameSiret: 0.1, sameFiness: 0.01, recreate: 0.01 };
  const population = createPopulation({ seed: 9, roles: 500, start, pinned, quirks });
  for (let day = 0; day < 20; day += 1) population.advance(day === 9 ? [{ kind: 'platform' }] : []);
  for (const type of servedTypes) {
    for (const entry of population.entries(type, {}, -1, Infinity)) {
      expect(population.indexOf(type, entry.remoteId)).toBe(entry.index);
      for (const { system, value } of entry.resource()['identifier'] as Identifier[]) {
        expect(population.find(type, `${system}|${value}`)).toContain(entry.index);
      }
    }
    expect(population.find(type, 'https://nowhere.example|1')).toEqual([]);
  }
});

test('numbers are of the fictive ranges; as many check digits are wrong as asked (french-standards §0.10)', () => {
  const wrongs = (wrongDigit: number): number => {
    const population = createPopulation({ seed: 4, roles: 3000, start, quirks: { ...calm, wrongDigit } });
    let wrong = 0;
    for (let index = 0; index < population.count('Practitioner'); index += 1) {
      const { rpps } = population.person(index)!;
      expect(rpps).toMatch(/^109[0-9]{8}$/);
      if (checkRpps(rpps) !== 'valid') wrong += 1;
    }
    for (let index = 0; index < population.count('Organization'); index += 1) {
      const { finess, siren, siret } = population.structure(index)!;
      if (finess) expect(finess).toMatch(/^99[0-9]{7}$/);
      if (finess && checkFiness(finess) !== 'valid') wrong += 1;
      if (siren) expect(siren).toMatch(/^999[0-9]{6}$/);
      if (siret && !luhnValid(siret)) throw new Error('a SIRET follows its SIREN');
    }
    return wrong;
  };
  expect(wrongs(0)).toBe(0);
  const some = wrongs(0.1);
  expect(some).toBeGreaterThan(150);
  expect(some).toBeLessThan(350);
});

test('a rate of zero makes nothing happen, a rate of one percent about that much', () => {
  const quiet = createPopulation({ seed: 8, roles: 1000, start, rates: still, quirks: calm });
  const before = digestOf(quiet);
  for (let day = 0; day < 40; day += 1) {
    expect(Object.values(quiet.advance()).every((count) => count === 0)).toBe(true);
  }
  expect(digestOf(quiet)).toBe(before);

  const lively = createPopulation({
    seed: 8,
    roles: 1000,
    start,
    rates: { ...still, move: 0.01 },
    quirks: calm,
  });
  let moves = 0;
  for (let day = 0; day < 20; day += 1) moves += lively.advance().move;
  expect(moves).toBeGreaterThan(180);
  expect(moves).toBeLessThan(260);
});

test('a move closes the role and makes another with a new situation and a new remote id (P-2)', () => {
  const population = createPopulation({ seed: 8, roles: 100, start, rates: still, quirks: calm });
  const person = 5;
  const [before] = population.linked('PractitionerRole', 'practitioner', person);
  population.advance([{ kind: 'recreate', identifier: population.key('Practitioner', person) }]);
  const after = population.linked('PractitionerRole', 'practitioner', person);
  const [old, made] = [
    population.at('PractitionerRole', before!)!,
    population.at('PractitionerRole', after.at(-1)!)!,
  ];
  expect(old.active).toBe(false);
  expect(made.active).toBe(true);
  expect(population.key('PractitionerRole', made.index)).not.toBe(
    population.key('PractitionerRole', old.index),
  );
  expect(population.role(made.index)!.structure).toBe(population.role(old.index)!.structure);
});

test('stubs are shown about thirty days, then no longer; a reload forgets them at once (P-10)', () => {
  const make = (): Population => createPopulation({ seed: 8, roles: 100, start, rates: still, quirks: calm });
  const population = make();
  const close = {
    kind: 'close',
    type: 'Practitioner',
    identifier: population.key('Practitioner', 3),
  } as const;
  expect(population.advance([close]).forced).toBe(1);
  const shownFor = (one: Population): number => {
    for (let days = 1; days < 60; days += 1) {
      one.advance();
      if (!one.at('Practitioner', 3)!.served) return days;
    }
    return Infinity;
  };
  expect(population.at('Practitioner', 3)).toMatchObject({ active: false, served: true });
  expect(shownFor(population)).toBeGreaterThanOrEqual(30);
  const reloaded = make();
  reloaded.advance([close]);
  reloaded.advance([{ kind: 'reload' }]);
  expect(reloaded.at('Practitioner', 3)!.served).toBe(false);
  const vanished = make();
  vanished.advance([{ ...close, stub: false }]);
  expect(vanished.at('Practitioner', 3)).toMatchObject({ active: false, served: false });
});

test('a new platform changes every remote id, writes everything again and no other content (P-1)', () => {
  const population = createPopulation({ seed: 8, roles: 100, start, rates: still, quirks: calm });
  const before = population.entries('Organization', {}, -1, Infinity);
  const contents = before.map((entry) => entry.resource());
  population.advance([{ kind: 'platform' }]);
  const after = population.entries('Organization', {}, -1, Infinity);
  expect(after.map(({ index }) => index)).toEqual(before.map(({ index }) => index));
  after.forEach((entry, position) => {
    expect(entry.remoteId).not.toBe(before[position]!.remoteId);
    expect(entry.lastUpdated.slice(0, 10)).toBe('2026-01-06');
    const bare = ({ id: _id, partOf: _partOf, meta, ...rest }: AnyResource): object => ({
      ...rest,
      trace: meta?.extension,
    });
    expect(bare(entry.resource())).toEqual(bare(contents[position]!));
  });
  expect(population.indexOf('Organization', before[0]!.remoteId)).toBeUndefined();
});

test('two pharmacies have one FINESS during a handover, then one of them closes (P-3)', () => {
  const quirks = { ...calm, sameFiness: 0.002 };
  const population = createPopulation({ seed: 6, roles: 1000, start, rates: still, quirks });
  let both: number[] = [];
  for (let day = 0; day < 10 && both.length < 2; day += 1) {
    if (population.advance().handover === 0) continue;
    const { finess } = population.structure(population.count('Organization') - 1)!;
    both = population.find('Organization', `https://finess.esante.gouv.fr|${finess}`);
  }
  expect(both.map((index) => population.at('Organization', index)!.active)).toEqual([true, true]);
  expect(population.key('Organization', both[0]!)).not.toBe(population.key('Organization', both[1]!));
  population.change({ quirks: { sameFiness: 0 } });
  for (let day = 0; day < 40; day += 1) population.advance();
  expect(both.map((index) => population.at('Organization', index)!.active)).toEqual([false, true]);
});

test('roles refer to structures that are not served, and appear later (P-4)', () => {
  const population = createPopulation({
    seed: 6,
    roles: 500,
    start,
    rates: still,
    quirks: { ...calm, hidden: 0.2 },
  });
  const dangling = (): number =>
    population.entries('PractitionerRole', {}, -1, Infinity).filter(({ index }) => {
      const { structure } = population.role(index)!;
      return structure !== undefined && !population.at('Organization', structure)!.served;
    }).length;
  const before = dangling();
  expect(before).toBeGreaterThan(20);
  let shown = 0;
  for (let day = 0; day < 95; day += 1) shown += population.advance().shown;
  expect(shown).toBeGreaterThan(20);
  expect(dangling()).toBe(0);
});

test('a merger closes one legal entity and puts its sites under the other', () => {
  const population = createPopulation({ seed: 6, roles: 500, start, rates: still, quirks: calm });
  const legal = [...Array(population.count('Organization')).keys()].filter(
    (index) => population.structure(index)!.level === 'legal',
  );
  const [from, into] = [legal[1]!, legal[2]!];
  const sites = population.linked('Organization', 'partof', from);
  const key = (index: number): string => population.key('Organization', index);
  population.advance([{ kind: 'merge', from: key(from), into: key(into) }]);
  expect(population.at('Organization', from)!.active).toBe(false);
  expect(population.linked('Organization', 'partof', into)).toEqual(expect.arrayContaining(sites));
  expect(population.linked('Organization', 'partof', from)).toEqual([]);
});

test('what example networks name exists, with its names, and a scenario can rename, move and close it', () => {
  const pinned = readPinned(readFileSync('examples/directory/known-identifiers.json', 'utf8'));
  const population = createPopulation({ seed: 1, roles: 50, start, pinned });
  for (const { finess, siren, name } of pinned.structures!) {
    const key = finess ? `https://finess.esante.gouv.fr|${finess}` : `https://sirene.fr|${siren}`;
    const [index] = population.find('Organization', key);
    expect(population.structure(index!)).toMatchObject({ name, active: true, served: true });
  }
  for (const { rpps, family } of pinned.people!) {
    const [index] = population.find('Practitioner', `https://rpps.esante.gouv.fr|${rpps}`);
    expect(population.person(index!)).toMatchObject({ family, active: true, served: true });
    expect(population.linked('PractitionerRole', 'practitioner', index!).length).toBeGreaterThan(0);
  }
  for (let day = 0; day < 200; day += 1) population.advance();
  const identifier = 'https://finess.esante.gouv.fr|990780017';
  const [site] = population.find('Organization', identifier);
  expect(population.at('Organization', site!)!.active).toBe(true);
  const told = population.advance([
    { kind: 'rename', identifier, name: 'Hôpital renommé' },
    { kind: 'relocate', identifier, commune: '83009' },
    { kind: 'close', type: 'Organization', identifier: 'https://finess.esante.gouv.fr|999999999' },
  ]);
  expect(told).toMatchObject({ forced: 2, unknown: 1 });
  expect(population.structure(site!)).toMatchObject({ name: 'Hôpital renommé' });
  expect(population.structure(site!)!.address.commune.name).toBe('Bandol');
  population.advance([{ kind: 'close', type: 'Organization', identifier }]);
  expect(population.at('Organization', site!)!.active).toBe(false);
});

test('entries are filtered by instant and counted alike', () => {
  const population = createPopulation({ seed: 1, roles: 500, start });
  for (let day = 0; day < 5; day += 1) population.advance();
  const all = population.entries('PractitionerRole', {}, -1, Infinity);
  const from = Date.parse('2026-01-01T02:30:00Z');
  const before = Date.parse('2026-01-09T03:00:00Z');
  const wanted = all
    .filter(({ updatedAt }) => updatedAt >= from && updatedAt < before)
    .map(({ index }) => index);
  expect(wanted.length).toBeGreaterThan(0);
  const found = population.entries('PractitionerRole', { from, before }, -1, Infinity);
  expect(found.map(({ index }) => index)).toEqual(wanted);
  expect(population.total('PractitionerRole', { from, before })).toBe(wanted.length);
  const paged: number[] = [];
  for (;;) {
    const page = population.entries('PractitionerRole', { from, before }, paged.at(-1) ?? -1, 7);
    if (page.length === 0) break;
    paged.push(...page.map(({ index }) => index));
  }
  expect(paged).toEqual(wanted);
  expect(population.total('PractitionerRole', {})).toBe(population.served('PractitionerRole'));
});

test('memory grows by less than 300 bytes a role, and options out of range are refused', () => {
  const bytes = (roles: number): number => {
    const before = process.memoryUsage();
    const population = createPopulation({ seed: 1, roles, start });
    const after = process.memoryUsage();
    expect(population.count('PractitionerRole')).toBe(roles);
    return after.arrayBuffers - before.arrayBuffers;
  };
  bytes(1000);
  const slope = (bytes(60_000) - bytes(10_000)) / 50_000;
  expect(slope).toBeGreaterThan(0);
  expect(slope).toBeLessThan(300);
  expect(() => createPopulation({ seed: 1, roles: 2_000_001, start })).toThrow(RangeError);
  expect(() => createPopulation({ seed: -1, roles: 1, start })).toThrow(RangeError);
  expect(() => createPopulation({ seed: 1, roles: 1, start: '5 January' })).toThrow(RangeError);
});

test('the communes are what the official geographic code says', () => {
  expect(readFileSync('src/sandbox/annuaire/data/communes.json', 'utf8')).toBe(communesText());
});
