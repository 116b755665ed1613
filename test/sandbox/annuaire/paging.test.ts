import { describe, expect, it } from '@jest/globals';
import { readSearch } from '../../../src/sandbox/annuaire/search/ask.ts';
import { createSearches } from '../../../src/sandbox/annuaire/search/searches.ts';
import { type Emulated, emulate, nextOf, readAll, rowsOf } from './emulate.ts';

const using = async (made: Promise<Emulated>, work: (emulated: Emulated) => Promise<void>): Promise<void> => {
  const emulated = await made;
  try {
    await work(emulated);
  } finally {
    await emulated.emulator.stop();
  }
};
const path = '/PractitionerRole?_count=40';
const retire = { population: { rates: { move: 0.2, retirement: 0.1 }, quirks: { vanish: 1 } } };
const served = (emulated: Emulated): string[] => {
  const { population } = emulated.emulator;
  return Array.from({ length: population.count('PractitionerRole') }, (_, index) =>
    population.at('PractitionerRole', index)!,
  )
    .filter((entry) => entry.served)
    .map(({ remoteId }) => remoteId);
};

describe('paging', () => {
  it('links to an opaque next page until the last, and back to the search by self', () =>
    using(emulate(), async (emulated) => {
      const { body } = await emulated.get(path);
      expect(body.link[0]).toEqual({ relation: 'self', url: `${emulated.emulator.base}${path}` });
      const next = new URL(nextOf(body)!);
      expect(next.pathname).toBe('/fhir/v2/_page');
      expect(next.searchParams.get('id')).toMatch(/^[\w-]{80,}$/);
      const read = await readAll(emulated, path);
      expect(read).toHaveLength(body.total!);
      expect(new Set(read.map(({ id }) => id)).size).toBe(read.length);
    }));

  it('gives the same page again to whoever follows the same link (P-8)', () =>
    using(emulate(), async (emulated) => {
      const next = nextOf((await emulated.get(path)).body)!;
      const [once, again] = [await emulated.get(next), await emulated.get(next)];
      expect(again.text).toBe(once.text);
    }));

  it('answers the unversioned address as v2', () =>
    using(emulate(), async (emulated) => {
      const { status, body } = await emulated.get(
        emulated.emulator.base.replace('/v2', '/PractitionerRole?_count=1'),
      );
      expect([status, new URL(nextOf(body)!).pathname]).toEqual([200, '/fhir/v2/_page']);
    }));

  it('searches by POST as by GET, the form joined to the query', () =>
    using(emulate(), async (emulated) => {
      const { body } = await emulated.get('/PractitionerRole/_search?_count=3', {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: '_total=accurate&active=true',
      });
      const { body: got } = await emulated.get('/PractitionerRole?_count=3&_total=accurate&active=true');
      expect([body.total, body.entry]).toEqual([got.total, got.entry]);
    }));

  it('refuses a page that nobody was linked to', () =>
    using(emulate(), async (emulated) => {
      expect((await emulated.get('/_page?id=made-up')).status).toBe(400);
      expect((await emulated.get('/_page')).status).toBe(400);
    }));

  it('keeps a thousand searches; the one used longest ago has expired, and says so', () =>
    using(emulate(), async ({ emulator }) => {
      const searches = createSearches(emulator.population, 'snapshot');
      const ask = readSearch('Device', '', { windowDays: 30, now: 0 });
      const [first, second] = [searches.begin(ask, 1), searches.begin(ask, 1)];
      for (let n = 0; n < 998; n += 1) searches.begin(ask, 1);
      expect(searches.get(first.id).id).toBe(first.id);
      searches.begin(ask, 1);
      expect(searches.get(first.id).id).toBe(first.id);
      expect(() => searches.get(second.id)).toThrow(/expired/);
    }));

  it('caps pages that are too large, or refuses them', () =>
    using(emulate({ scenario: { pages: { max: 30, over: 'cap', mode: 'snapshot' } } }), async (emulated) => {
      expect(rowsOf((await emulated.get(path)).body)).toHaveLength(30);
      await emulated.control('pages', { over: 'refuse' });
      expect((await emulated.get(path)).status).toBe(400);
      expect((await emulated.get('/PractitionerRole?_count=30')).status).toBe(200);
    }));

  it('as a snapshot, gives the rows of the first page’s day though days pass underneath', () =>
    using(emulate(retire), async (emulated) => {
      const before = served(emulated);
      const first = await emulated.get(path);
      const rows = rowsOf(first.body).map(({ id }) => id);
      let next = nextOf(first.body);
      for (let page = 0; next !== undefined; page += 1) {
        if (page < 3) emulated.emulator.advance(1);
        const { body } = await emulated.get(next);
        rows.push(...rowsOf(body).map(({ id }) => id));
        next = nextOf(body);
      }
      const after = new Set(served(emulated));
      expect(after.size).not.toBe(before.length);
      const stayed = before.filter((id) => after.has(id));
      expect(rows.filter((id) => after.has(id))).toEqual(stayed); // none that stayed is missed
      expect(rows.every((id) => before.includes(id))).toBe(true); // nothing of a later day
    }));

  it('live, loses rows when others leave before them: the trap it is for', () =>
    using(
      emulate({ ...retire, scenario: { pages: { max: 1000, over: 'cap', mode: 'live' } } }),
      async (emulated) => {
        const before = served(emulated);
        const first = await emulated.get(path);
        const rows = rowsOf(first.body).map(({ id }) => id);
        emulated.emulator.advance(1);
        for (let next = nextOf(first.body); next !== undefined;) {
          const { body } = await emulated.get(next);
          rows.push(...rowsOf(body).map(({ id }) => id));
          next = nextOf(body);
        }
        const after = new Set(served(emulated));
        const missed = before.filter((id) => after.has(id) && !rows.includes(id));
        const leftBefore = before.slice(0, 40).filter((id) => !after.has(id));
        expect(leftBefore.length).toBeGreaterThan(0);
        expect(missed).toHaveLength(leftBefore.length);
      },
    ));
});
