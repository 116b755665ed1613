/** What the emulator keeps of records is what it would write anew, day after day. */
import { describe, expect, it } from '@jest/globals';
import { idealReader, type Told } from '../../../src/sandbox/annuaire/population/ideal.ts';
import { createPopulation } from '../../../src/sandbox/annuaire/population/population.ts';
import { servedTypes } from '../../../src/sandbox/annuaire/population/types.ts';
import { createEntryTexts } from '../../../src/sandbox/annuaire/search/entry-texts.ts';

const days = 40;
const quirks = {
  ...{ hidden: 0.05, vanish: 0.3, sameFiness: 0.01, sameSiret: 0.05, recreate: 0.02, wrongDigit: 0.05 },
  ...{ reload: 0.05, platform: 0.1, lingering: 0.2, staleRole: 0.2, otherMailbox: 0.2 },
};
const rates = {
  ...{ newPerson: 0.02, retirement: 0.02, move: 0.03, secondRole: 0.02, roleChange: 0.05, nameChange: 0.05 },
  ...{ mailboxChange: 0.05, opening: 0.02, closing: 0.02, renaming: 0.05, relocation: 0.05, merger: 0.01 },
};
const base = 'http://emulator/fhir/v2';

describe('what the emulator keeps', () => {
  it('is what it would write anew, for every record on every day', async () => {
    const population = createPopulation({ seed: 11, roles: 150, start: '2026-01-05', quirks, rates });
    const kept = createEntryTexts(100_000);
    const told = new Map<string, Told>();
    for (let day = 0; day < days; day += 1) {
      if (day > 0) population.advance();
      const anew = createEntryTexts(0);
      const entries = servedTypes.flatMap((type) => population.entries(type, {}, -1, 100_000));
      const [keptTexts, newTexts] = [kept, anew].map((texts) =>
        entries.map((entry) => texts.of(entry, 'match', base, undefined)),
      );
      expect(keptTexts).toEqual(newTexts);
      expect(await digests(population, told)).toEqual(await digests(population));
    }
    expect(told.size).toBeGreaterThan(300);
  });

  it('is never of a part of a record', () => {
    const population = createPopulation({ seed: 11, roles: 50, start: '2026-01-05' });
    const texts = createEntryTexts(100);
    const written = population
      .entries('PractitionerRole', {}, -1, 10)
      .map((entry) => JSON.parse(texts.of(entry, 'match', base, ['code'])) as { resource: object });
    expect(written.every(({ resource }) => !('practitioner' in resource))).toBe(true);
  });
});

async function digests(population: Parameters<typeof idealReader>[0], told?: Map<string, Told>) {
  const found: string[] = [];
  for await (const { type, key, state, digest } of idealReader(population, told ? { told } : {}))
    found.push(`${type} ${key} ${state} ${digest}`);
  return found;
}
