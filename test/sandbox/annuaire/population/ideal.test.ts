import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { idealReader } from '../../../../src/sandbox/annuaire/population/ideal.ts';
import { createPopulation } from '../../../../src/sandbox/annuaire/population/population.ts';
import type { LifeRates, Quirks } from '../../../../src/sandbox/annuaire/population/types.ts';
import { createBruteReader, type Remembered } from './brute-reader.ts';

/** A life so lively that sixty days hold everything. */
const rates: LifeRates = {
  newPerson: 0.01,
  retirement: 0.01,
  move: 0.02,
  secondRole: 0.005,
  roleChange: 0.01,
  nameChange: 0.01,
  mailboxChange: 0.01,
  opening: 0.01,
  closing: 0.01,
  renaming: 0.01,
  relocation: 0.01,
  merger: 0.05,
};
const quirks: Quirks = {
  wrongDigit: 0.02,
  sameSiret: 0.02,
  sameFiness: 0.002,
  hidden: 0.1,
  vanish: 0.4,
  staleRole: 0.3,
  lingering: 0.3,
  otherMailbox: 0.2,
  recreate: 0.01,
  reload: 0.05,
  platform: 0.03,
};

test('the ideal reader knows what a brute-force reader remembers, every day (P-1, P-2, P-4, P-10)', async () => {
  const property = fc.asyncProperty(
    fc.integer({ min: 0, max: 0xffffffff }),
    fc.integer({ min: 0, max: 3 }),
    async (seed, every) => {
      const population = createPopulation({ seed, roles: 40, start: '2026-01-01', quirks, rates });
      const brute = createBruteReader();
      const complete = (day: number): boolean => every === 0 || day % (every * 3) === 0;
      for (let day = 0; day <= 60; day += 1) {
        if (day > 0) population.advance();
        brute.read(population, complete(population.dayNumber));
        if (day % 15 !== 0) continue;
        const known = new Map<string, Remembered>();
        for await (const { type, key, state, digest } of idealReader(population, { complete })) {
          known.set(`${type} ${key}`, { state, digest });
        }
        expect([...known].sort(byKey)).toEqual([...brute.known()].sort(byKey));
      }
    },
  );
  await fc.assert(property, { numRuns: 4 });
});

test('what changed since a day, laid over what was known then, is what is known today', async () => {
  const population = createPopulation({ seed: 77, roles: 150, start: '2026-01-01', quirks, rates });
  const complete = (day: number): boolean => day % 7 === 0;
  const held = new Map<string, Remembered>();
  const lay = async (since: number | undefined, over: Map<string, Remembered>): Promise<number> => {
    let told = 0;
    for await (const one of idealReader(population, { complete, ...(since !== undefined && { since }) })) {
      over.set(`${one.type} ${one.key}`, { state: one.state, digest: one.digest });
      told += 1;
    }
    return told;
  };
  await lay(undefined, held);
  for (let round = 0; round < 8; round += 1) {
    const since = population.dayNumber;
    for (let day = 0; day <= round; day += 1) population.advance();
    const told = await lay(since, held);
    const whole = new Map<string, Remembered>();
    expect(told).toBeLessThanOrEqual(await lay(undefined, whole));
    expect([...held].sort(byKey)).toEqual([...whole].sort(byKey));
  }
});

test('the ideal reader goes by type, then key, and every state occurs', async () => {
  const population = createPopulation({ seed: 5, roles: 300, start: '2026-01-01', quirks, rates });
  for (let day = 0; day < 50; day += 1) population.advance();
  const told: string[] = [];
  const states = new Set<string>();
  for await (const { type, key, state } of idealReader(population)) {
    told.push(`${type} ${key}`);
    states.add(state);
  }
  expect(told).toEqual([...told].sort());
  expect(new Set(told).size).toBe(told.length);
  expect([...states].sort()).toEqual(['active', 'closed', 'gone-certain', 'gone-unproven']);
});

test('a reader who began later does not know what was gone before', async () => {
  const population = createPopulation({ seed: 5, roles: 300, start: '2026-01-01', quirks, rates });
  for (let day = 0; day < 40; day += 1) population.advance();
  const count = async (from: number): Promise<number> => {
    let records = 0;
    for await (const _ of idealReader(population, { from })) records += 1;
    return records;
  };
  const served = (
    ['Practitioner', 'PractitionerRole', 'Organization', 'HealthcareService', 'Device'] as const
  )
    .map((type) => population.served(type))
    .reduce((sum, part) => sum + part);
  expect(await count(population.dayNumber)).toBe(served);
  expect(await count(population.startNumber)).toBeGreaterThan(served);
});

function byKey(a: readonly [string, unknown], b: readonly [string, unknown]): number {
  return a[0] < b[0] ? -1 : 1;
}
