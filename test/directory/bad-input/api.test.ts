/** Every bad answer of issue 5 through the whole of a synchronisation: told clearly, nothing half-applied, gone on with. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { summaryOf } from '../../../src/directory/run-summary.ts';
import { freshDatabase, type TestDatabase } from '../../database.ts';
import { answer, fakeApi, type FakeApi, outcome, type Tamper } from '../annuaire/fake-api.ts';
import { openAnnuaire } from '../annuaire/open-annuaire.ts';
import { population } from '../annuaire/population.ts';
import { ticking } from '../annuaire/ticking.ts';
import { busyClock, type BusyClock } from '../busy-clock.ts';
import { heldRows, sync, syncParts } from '../sync-ground.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database.close());

const records = population(220);
/** On the second day five people have another name, and one is gone without a trace. */
const later = records
  .slice(0, -1)
  .map((one, index) =>
    one.resourceType === 'Practitioner' && index % 44 === 0
      ? { ...one, name: [{ family: 'Autrement', given: ['Essai'] }], meta: { ...one.meta, versionId: '2' } }
      : one,
  );

/** From the n-th request on. */
const from = (n: number, bad: Tamper): Tamper => {
  let count = 0;
  return (request, bundle) => ((count += 1) > n ? bad(request, bundle) : undefined);
};

type Case = [name: string, tamper: () => Tamper, error: { category: string; says: RegExp }];
const stops: Case[] = [
  [
    'HTML with 200',
    () => from(4, () => answer(200, '<html>Maintenance</html>', { 'content-type': 'text/html' })),
    { category: 'unavailable', says: /annuaire/i },
  ],
  [
    'an OperationOutcome with 200',
    () => from(4, () => outcome(200)),
    { category: 'unavailable', says: /annuaire/i },
  ],
  [
    'a redirect to another host',
    () => from(4, () => answer(302, '', { location: 'https://elsewhere.example/fhir' })),
    { category: 'not-supported', says: /redirig|renvoie|redirection/i },
  ],
  ['403: the key is revoked', () => from(4, () => answer(403)), { category: 'forbidden', says: /clé/i }],
];
const survived: [name: string, tamper: () => Tamper, complete: boolean][] = [
  [
    'a page that links to itself, each seventh time',
    () => {
      let n = 0;
      return ({ url }, bundle) => {
        if ((n += 1) % 7 === 2) bundle['link'] = [{ relation: 'next', url: url.href }];
      };
    },
    true,
  ],
  [
    'a total that changes from page to page',
    () => {
      let n = 0;
      return (_request, bundle) => {
        if ((n += 1) % 7 === 2) bundle['total'] = Number(bundle['total']) + 3;
      };
    },
    true,
  ],
  [
    'a total that is never reached',
    () =>
      ({ kind }, bundle) => {
        if (kind === 'Device') bundle['total'] = Number(bundle['total']) + 1;
      },
    false,
  ],
];

let clock: BusyClock;
let api: FakeApi;
const read = (id: string) =>
  sync(syncParts(database.store), ticking(openAnnuaire(api, clock, { id, pageSize: 50 }), clock), {
    full: true,
  });
const held = async (id: string) =>
  (await heldRows(database.store, id)).map(({ source: _source, ...row }) => row);

const cursor = async (id: string) =>
  (await database.store.directory.sources()).find((one) => one.id === id)!.cursor;

async function started(id: string): Promise<void> {
  clock = busyClock();
  api = fakeApi([...records], clock);
  expect(await read(id)).toMatchObject({ status: 'applied', complete: true });
  api.records = [...later];
  api.requests.length = 0;
}

describe('an API that begins to answer', () => {
  it.each(stops)(
    '%s: the run says why, nothing of it is applied, and the next one goes on after its last page',
    async (what, tamper, error) => {
      const id = `stop-${what.length}-${what.charCodeAt(0)}`;
      await started(id);
      const before = await held(id);
      api.tamper = tamper();
      await expect(read(id)).rejects.toMatchObject({ side: 'directory', category: error.category });
      const [failed] = await database.store.directory.runs(1, id);
      expect(failed).toMatchObject({ status: 'failed' });
      expect(summaryOf(failed!).reason).toMatch(error.says);
      expect(summaryOf(failed!).reason).not.toContain('secret-key');
      expect(await held(id)).toEqual(before);
      expect(new Set(api.requests.map(({ url }) => url.host))).toEqual(new Set(['annuaire.example']));

      api.tamper = undefined;
      const run = await read(id);
      expect(run).toMatchObject({ id: failed!.id, status: 'applied' });
      expect(summaryOf(run).resumedAfter?.length).toBe(1);
      expect(summaryOf(run).counts?.['Practitioner']).toMatchObject({
        changed: expect.any(Number),
        vanished: 0,
      });
    },
  );

  it.each(survived)(
    '%s: all is read, and nothing is closed that is there',
    async (what, tamper, complete) => {
      const id = `odd-${what.length}-${what.charCodeAt(2)}`;
      await started(id);
      api.tamper = tamper();
      const before = await cursor(id);
      const run = await read(id);
      expect(run).toMatchObject({ status: 'applied', complete });
      if (complete) expect(await cursor(id)).not.toEqual(before);
      else expect(await cursor(id)).toEqual(before); // what it did not read is asked for again (P-11)
      if (!complete) expect(summaryOf(run).incomplete).toMatch(/lues, .* annoncées/);
      const { changed, vanished } = summaryOf(run).counts!['Practitioner']!;
      expect([changed > 0, vanished]).toEqual([true, 0]);
      expect((await held(id)).every(({ state }) => state === 'active')).toBe(true);
    },
  );
});
