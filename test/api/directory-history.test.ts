import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { systems } from '../../src/fhir/identifiers.ts';
import { logicalId } from '../../src/fhir/key.ts';
import type { AnyResource, Bundle } from '../../src/fhir/types.ts';
import { freshDatabase, type TestDatabase } from '../database.ts';
import { syntheticIdentifiers } from '../synthetic.ts';
import { addRun, addSource, hold } from './held.ts';
import { desired, seedPublished } from './seed.ts';
import { basic, type RunningApi, startApi } from './start-api.ts';

const draw = syntheticIdentifiers({ seed: 91, volume: true });
const sites = Array.from({ length: 9 }, () => ({ system: systems.finess, value: draw.finess() }));
const idOf = (index: number): string => logicalId('Organization', `${systems.finess}|${sites[index]!.value}`);

let database: TestDatabase;
let api: RunningApi;

async function write(run: number, index: number, name: string, state: 'active' | 'closed' = 'active') {
  await hold(
    database.store,
    run,
    { resourceType: 'Organization', name },
    {
      identifier: [sites[index]!],
      name,
      state,
    },
  );
}

/** Nine records, of which three changed in a second run and one closed in a third. */
beforeAll(async () => {
  database = await freshDatabase();
  await addSource(database.store, 'national', 0);
  const first = await addRun(database.store, 'national', '2026-11-01T02:00:00Z');
  for (const index of sites.keys()) await write(first, index, `Site ${index}`);
  const second = await addRun(database.store, 'national', '2026-11-02T02:00:00Z');
  for (const index of [0, 1, 2]) await write(second, index, `Site ${index} bis`);
  const third = await addRun(database.store, 'national', '2026-11-03T02:00:00Z');
  await write(third, 2, 'Site 2 bis', 'closed');
  api = await startApi(database.store);
});
afterAll(async () => {
  await api.close();
  await database.close();
});

async function ask(path: string, client = 'reader'): Promise<{ status: number; bundle: Bundle }> {
  const answer = await fetch(`${api.url}/fhir/${path}`, { headers: basic(client) });
  return { status: answer.status, bundle: (await answer.json()) as Bundle };
}

const versionOf = (resource: AnyResource): string => `${resource.id}/${resource.meta!.versionId}`;
const versions = (bundle: Bundle): string[] =>
  (bundle.entry ?? []).map(({ resource }) => versionOf(resource as AnyResource));
const nextOf = (bundle: Bundle): string | undefined =>
  bundle.link!.find(({ relation }) => relation === 'next')?.url.replace(`${api.url}/fhir/`, '');

/** All pages of a history; `between` happens after each page but the last. */
async function pagesOf(path: string, between = async (): Promise<void> => undefined): Promise<string[]> {
  const seen: string[] = [];
  for (let next: string | undefined = path; next;) {
    const { status, bundle } = await ask(next);
    expect(status).toBe(200);
    seen.push(...versions(bundle));
    next = nextOf(bundle);
    if (next) await between();
  }
  return seen;
}

describe('history of a type (ITI-91)', () => {
  it('is a history bundle, newest first, every version once, with the time of the server (MCSD-10, MCSD-15)', async () => {
    const before = Date.now();
    const { bundle } = await ask('Organization/_history?_count=200');
    expect(bundle.type).toBe('history');
    expect(versions(bundle)).toEqual([
      `${idOf(2)}/3`,
      ...[0, 1, 2].map((index) => `${idOf(index)}/2`).sort(byKey),
      ...[...sites.keys()].map((index) => `${idOf(index)}/1`).sort(byKey),
    ]);
    const at = Date.parse(bundle.meta!.lastUpdated!);
    expect(at).toBeGreaterThanOrEqual(before - 60_000);
    expect(at).toBeLessThanOrEqual(Date.now());
  });

  it('gives each entry request and response, and no deletion ever: what closed is inactive (MCSD-21)', async () => {
    const { bundle } = await ask('Organization/_history?_count=200');
    for (const { request, response, resource } of bundle.entry!) {
      expect(request).toEqual({ method: 'PUT', url: `Organization/${resource!.id}` });
      expect(response).toMatchObject({ status: '200', etag: `W/"${resource!.meta!.versionId}"` });
    }
    expect(bundle.entry![0]!.resource).toMatchObject({ active: false, name: 'Site 2 bis' });
  });

  it('begins where _since says, that instant included', async () => {
    const since = (instant: string) => pagesOf(`Organization/_history?_since=${encodeURIComponent(instant)}`);
    expect(await since('2026-11-02T02:00:00Z')).toHaveLength(4);
    expect(await since('2026-11-02T02:00:00.001Z')).toEqual([`${idOf(2)}/3`]);
    expect(await since('2026-11-03T02:00:00.001Z')).toEqual([]);
    expect((await ask('Organization/_history?_since=yesterday')).status).toBe(400);
  });

  it('answers nothing new with a bundle without entries (MCSD-13)', async () => {
    const { status, bundle } = await ask('Organization/_history?_since=2030-01-01T00:00:00Z');
    expect(status).toBe(200);
    expect(bundle.entry).toBeUndefined();
  });

  it('keeps its versions: each can be read, again and again', async () => {
    const { bundle } = await ask(`Organization/${idOf(2)}/_history`);
    expect(versions(bundle)).toEqual([`${idOf(2)}/3`, `${idOf(2)}/2`, `${idOf(2)}/1`]);
    const read = async (version: number) => (await ask(`Organization/${idOf(2)}/_history/${version}`)).bundle;
    expect(await read(1)).toMatchObject({ name: 'Site 2', active: true });
    expect(await read(2)).toMatchObject({ name: 'Site 2 bis', active: true });
    expect(await read(3)).toMatchObject({ name: 'Site 2 bis', active: false });
    expect((await ask(`Organization/${idOf(2)}/_history/4`)).status).toBe(404);
    expect((await ask(`Organization/${idOf(2)}/_history/x`)).status).toBe(404);
    expect((await ask('Organization/pas-00000000000000000000000000000000/_history')).status).toBe(404);
  });
});

describe('pages of a history', () => {
  it('give every version once, whatever their size', async () => {
    const all = await pagesOf('Organization/_history?_count=200');
    expect(all).toHaveLength(13);
    for (const count of [1, 2, 5, 13])
      expect(await pagesOf(`Organization/_history?_count=${count}`)).toEqual(all);
  });

  it('skip and repeat nothing when records change between them (P-20)', async () => {
    const all = await pagesOf('Organization/_history?_count=200');
    let day = 4;
    let written = 0;
    const churn = async (): Promise<void> => {
      const run = await addRun(
        database.store,
        'national',
        `2026-11-${String(day).padStart(2, '0')}T02:00:00Z`,
      );
      const changed = new Set([day % 9, (day + 4) % 9, 2]);
      for (const index of changed) await write(run, index, `Jour ${day}`);
      written += changed.size;
      day += 1;
    };
    expect(await pagesOf('Organization/_history?_count=1', churn)).toEqual(all);
    // What came meanwhile is there for whoever asks from the first page's time on.
    const after = await pagesOf('Organization/_history?_count=200&_since=2026-11-04T00:00:00Z');
    expect(after).toHaveLength(written);
    expect(new Set([...after, ...all]).size).toBe(after.length + all.length);
  });

  it('go on as they began when a source that ranks higher appears', async () => {
    const path = 'Organization/_history?_count=3&_since=2026-11-01T00:00:00Z';
    const all = await pagesOf(path.replace('_count=3', '_count=200'));
    let done = false;
    const appear = async (): Promise<void> => {
      if (done) return;
      done = true;
      await addSource(database.store, 'regional', -1);
      const run = await addRun(database.store, 'regional', '2026-11-27T02:00:00Z');
      for (const identifier of sites)
        await hold(
          database.store,
          run,
          { resourceType: 'Organization', name: 'Région' },
          {
            source: 'regional',
            identifier: [identifier],
          },
        );
    };
    expect(await pagesOf(path, appear)).toEqual(all);
    const { bundle } = await ask(`Organization/${idOf(4)}`);
    expect(bundle).toMatchObject({ name: 'Région' });
  });

  it('keep the time of the first page, and belong to their caller and their history', async () => {
    const first = (await ask('Organization/_history?_count=2')).bundle;
    const next = nextOf(first)!;
    expect((await ask(next)).bundle.meta!.lastUpdated).toBe(first.meta!.lastUpdated);
    expect((await ask(next, 'east-reader')).status).toBe(400);
    expect((await ask(next.replace('Organization', 'Location'))).status).toBe(400);
    expect((await ask('Organization/_history?_count=100000')).status).toBe(200);
  });

  it('mix published and held by their dates, published first at the same instant', async () => {
    await seedPublished(database.store);
    const run = await addRun(database.store, 'regional', '2026-11-20T08:00:00Z');
    const held = { system: systems.finess, value: draw.finess() };
    await hold(
      database.store,
      run,
      { resourceType: 'Organization', name: 'Le même jour' },
      {
        source: 'regional',
        identifier: [held],
      },
    );
    const all = await pagesOf('Organization/_history?_count=200&_since=2026-11-20T00:00:00Z');
    const heldId = logicalId('Organization', `${held.system}|${held.value}`);
    const at = all.indexOf(`${heldId}/${run}`);
    expect(all.slice(at - 2, at).every((one) => !/\/\d+$/.test(one))).toBe(true);
    expect(await pagesOf('Organization/_history?_count=1&_since=2026-11-20T00:00:00Z')).toEqual(all);
  });

  it('say a time before which nothing can still appear, while a run is being written (P-11)', async () => {
    const client = await database.store.db.startTransaction().execute();
    try {
      await sql`insert into directory_run (source, mode, status, actor, started_at)
        values ('national', 'full', 'reading', 'test', now())`.execute(client);
      const { rows } = await sql<{ at: Date }>`select now() as at`.execute(client);
      await new Promise((resolve) => setTimeout(resolve, 20));
      const { bundle } = await ask('Organization/_history?_count=1');
      expect(Date.parse(bundle.meta!.lastUpdated!)).toBeLessThanOrEqual(rows[0]!.at.getTime());
    } finally {
      await client.rollback().execute();
    }
  });

  it('show what a publication changed without a new file of its network, and nothing else of it', async () => {
    const { desired: wanted } = database.store;
    const saying = (path: string, name: string) =>
      desired('net-west', path, { resourceType: 'Organization', active: true, name });
    const publish = async (...names: string[]): Promise<string> => {
      const rows = names.map((name, n) => saying(`net-west/copy-${n}`, name));
      await wanted.replace('west', rows, [], new Date());
      return (await ask('Organization/_history?_count=1')).bundle.meta!.lastUpdated!;
    };
    const since = async (at: string): Promise<(string | undefined)[]> => {
      const { bundle } = await ask(`Organization/_history?_since=${encodeURIComponent(at)}`);
      return (bundle.entry ?? []).map(({ resource }) => (resource as { name?: string }).name);
    };
    const first = await publish('un', 'deux');
    const second = await publish('un', 'deux bis');
    expect(await since(first)).toEqual(['deux bis']);
    const third = await publish('un');
    expect(await since(second)).toEqual([]);
    await publish('un', 'deux bis');
    expect(await since(third)).toEqual(['deux bis']);
    await seedPublished(database.store);
  });

  it('hold published resources of the tenant alone', async () => {
    await database.store.desired.replace('east', [
      desired('net-east', 'net-east', { resourceType: 'Organization', active: true, name: 'Réseau Est' }),
    ]);
    const names = (await ask('Organization/_history?_count=200')).bundle.entry!.map(
      ({ resource }) => (resource as { name?: string }).name,
    );
    expect(names).toContain('Réseau Élan');
    expect(names).not.toContain('Réseau Est');
  });
});

/** Within a run, records stand in the order of their keys. */
function byKey(a: string, b: string): number {
  const keyOfVersion = (version: string): string =>
    sites.find((_, index) => version.startsWith(idOf(index)))!.value;
  return keyOfVersion(a).localeCompare(keyOfVersion(b));
}
