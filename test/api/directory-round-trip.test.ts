/** Our own mCSD Update Client against our own Directory: what one gateway holds, another holds after a night. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { systemClock, systemIds } from '../../src/clock.ts';
import { createMcsd } from '../../src/directory/mcsd/create-mcsd.ts';
import { systems } from '../../src/fhir/identifiers.ts';
import { createLog } from '../../src/log.ts';
import type { Caller } from '../../src/server/caller.ts';
import { freshDatabase, type TestDatabase } from '../database.ts';
import { sync, syncParts } from '../directory/sync-ground.ts';
import { syntheticIdentifiers } from '../synthetic.ts';
import { addRun, addSource, hold } from './held.ts';
import { basic, type RunningApi, startApi } from './start-api.ts';

const draw = syntheticIdentifiers({ seed: 7, volume: true });
const sites = Array.from({ length: 7 }, () => ({ system: systems.finess, value: draw.finess() }));
const people = Array.from({ length: 5 }, () => ({ system: systems.idNatPs, value: draw.idNatPs() }));
const roles = Array.from({ length: 6 }, () => ({ system: systems.rpps, value: draw.rpps() }));

let here: TestDatabase;
let there: TestDatabase;
let api: RunningApi;

beforeAll(async () => {
  [here, there] = [await freshDatabase(), await freshDatabase()];
  const { store } = there;
  await addSource(store, 'national', 0);
  const run = await addRun(store, 'national', new Date(Date.now() - 3_600_000).toISOString());
  for (const [index, identifier] of sites.entries())
    await hold(
      store,
      run,
      { resourceType: 'Organization', name: `Site ${index}` },
      {
        identifier: [identifier],
        ...(index > 0 ? { links: { part_of: sites[0]! } } : {}),
      },
    );
  for (const [index, identifier] of people.entries())
    await hold(
      store,
      run,
      { resourceType: 'Practitioner', name: [{ family: `EXEMPLE${index}` }] },
      {
        identifier: [identifier],
      },
    );
  for (const [index, identifier] of roles.entries())
    await hold(
      store,
      run,
      { resourceType: 'PractitionerRole' },
      {
        identifier: [identifier],
        links: { practitioner: people[index % people.length]!, organization: sites[index]! },
      },
    );
  api = await startApi(store);
});
afterAll(async () => {
  await api.close();
  await Promise.all([here.close(), there.close()]);
});

function source() {
  const base = `${api.url}/fhir`;
  const call: Caller = async ({ path }) => {
    const url = path.startsWith(base) ? path : `${base}/${path}`;
    const answer = await fetch(url, { headers: { ...basic('reader'), Prefer: 'handling=strict' } });
    expect([url, answer.status]).toEqual([url, 200]);
    return {
      status: 200,
      headers: answer.headers,
      body: (await answer.json()) as Record<string, unknown>,
    };
  };
  return createMcsd({
    ...{ id: 'voisine', base, call, authority: [], pageSize: 3 },
    ...{ clock: systemClock, ids: systemIds, log: createLog('silent') },
  });
}

/** What readers of a gateway see of a source's records, links included. */
async function seen({ store }: TestDatabase, of: string): Promise<unknown[]> {
  const { rows } = await sql`
    select kind, key, state = 'active' as active, practitioner, organization, part_of,
      coalesce(content::jsonb -> 'name' -> 0 ->> 'family', content::jsonb ->> 'name') as name
    from directory_record where source = ${of} and content is not null order by kind, key`.execute(store.db);
  return rows;
}

it('holds after a full reading what the other holds, page by page, and after a delta what changed there', async () => {
  const parts = syncParts(here.store);
  const full = await sync(parts, source());
  expect(full).toMatchObject({ status: 'applied', mode: 'full', complete: true });
  expect(await seen(here, 'voisine')).toEqual(await seen(there, 'national'));
  expect(await seen(here, 'voisine')).toHaveLength(18);

  const run = await addRun(there.store, 'national', new Date().toISOString());
  const identifier = [sites[2]!];
  await hold(
    there.store,
    run,
    { resourceType: 'Organization', name: 'Site renommé' },
    {
      identifier,
      links: { part_of: sites[0]! },
    },
  );
  await hold(
    there.store,
    run,
    { resourceType: 'Practitioner', name: [{ family: 'EXEMPLE4' }] },
    {
      identifier: [people[4]!],
      state: 'closed',
    },
  );
  const added = { system: systems.finess, value: draw.finess() };
  await hold(
    there.store,
    run,
    { resourceType: 'Organization', name: 'Nouveau site' },
    { identifier: [added] },
  );

  const delta = await sync(parts, source());
  expect(delta).toMatchObject({ status: 'applied', mode: 'delta' });
  expect(await seen(here, 'voisine')).toEqual(await seen(there, 'national'));
  const counts = (delta.summary as { counts: Record<string, object> }).counts;
  expect(counts).toMatchObject({ Organization: { created: 1, changed: 1 }, Practitioner: { closed: 1 } });

  const quiet = await sync(parts, source());
  expect((quiet.summary as { counts: object }).counts).toEqual({});
});
