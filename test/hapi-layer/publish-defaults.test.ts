/** All example networks on a HAPI as it comes: search cache on, pages of 50, no retry header, ids of its own or none. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { stringify } from 'yaml';
import { managedByTag } from '../../src/fhir/names.ts';
import type { ApplyResult, Plan, ReconcileResult } from '../../src/operations.ts';
import { caller } from '../../src/demo/http.ts';
import { freshDatabase, type TestDatabase } from '../database.ts';
import { exampleNetworks, passerelle, root, workFolder } from '../e2e/passerelle.ts';
import { type Hapi, startHapi } from '../hapi/start.ts';

const minutes = 60_000;

describe.each([
  { ids: 'client', args: ['--defaults'] },
  { ids: 'server', args: ['--defaults', '--id-strategy=none'] },
])('HAPI with $args, ids given by the $ids', ({ ids, args }) => {
  let hapi: Hapi;
  let database: TestDatabase;
  let place: Awaited<ReturnType<typeof workFolder>>;

  beforeAll(async () => {
    hapi = await startHapi({ args });
    database = await freshDatabase();
    place = await workFolder();
    const config = {
      ...{ tenant: 'essai', log: 'silent', networks: [join(root, 'examples/networks/*.yaml')] },
      servers: [{ id: 'hapi', base: hapi.base, ids }],
    };
    await writeFile(join(place.folder, 'passerelle.yaml'), stringify(config));
  }, 10 * minutes);

  afterAll(async () => {
    await hapi.stop();
    await database.close();
    await place.remove();
  });

  async function run<T>(...command: string[]): Promise<{ code: number | null; answer: T }> {
    const where = { cwd: place.folder, env: { DATABASE_URL: database.url } };
    const { code, stdout, stderr } = await passerelle([...command, '--json'], where);
    if (!stdout) throw new Error(stderr);
    return { code, answer: JSON.parse(stdout) as T };
  }

  it(
    'publishes every network once, and a second plan is empty, asked of the server or not',
    async () => {
      const { code, answer } = await run<ApplyResult>('apply');
      expect({ code, servers: answer.servers }).toEqual({
        code: 0,
        servers: [{ server: 'hapi', written: expect.any(Number), parked: 0, waiting: 0 }],
      });
      expect(answer.plan.networks).toHaveLength(exampleNetworks);
      for (const command of [['plan'], ['plan', '--refresh']]) {
        const again = await run<Plan>(...command);
        expect(again.code).toBe(0);
        const [server] = again.answer.servers;
        expect(server!.changes.filter(({ op }) => op !== 'unchanged')).toEqual([]);
        expect(server!.counts.unchanged).toBe(answer.servers[0]!.written);
      }
    },
    3 * minutes,
  );

  it('shows every resource under one identifier only', async () => {
    const tag = encodeURIComponent(`${managedByTag.system}|${managedByTag.code}`);
    const found = await caller(hapi.base).all(`Organization?_tag=${tag}`);
    const keys = found.map((one) => JSON.stringify((one['identifier'] as unknown[])[0]));
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.length).toBeGreaterThan(7);
  });

  it(
    'finds what somebody changed and deleted beyond the first page, puts it back, then finds nothing',
    async () => {
      const clean = await run<ReconcileResult>('reconcile');
      expect(clean).toMatchObject({ code: 0, answer: { drift: [] } });
      const somebody = caller(hapi.base);
      const [team] = await somebody.all('CareTeam');
      const [activity] = await somebody.all('OrganizationAffiliation');
      const { etag } = await somebody.get(`CareTeam/${team!.id}`);
      expect(
        (await somebody.put(`CareTeam/${team!.id}`, { ...team, name: 'par un tiers' }, etag)).status,
      ).toBe(200);
      expect((await somebody.remove(`OrganizationAffiliation/${activity!.id}`)).status).toBeLessThan(300);

      const found = await run<ReconcileResult>('reconcile');
      expect(found.code).toBe(1);
      expect(found.answer.drift.map(({ type, kind, state }) => `${type} ${kind} ${state}`).sort()).toEqual([
        'CareTeam changed open',
        'OrganizationAffiliation deleted open',
      ]);
      const repaired = await run<ReconcileResult>('reconcile', '--repair');
      expect(repaired).toMatchObject({ code: 0, answer: { repaired: 2 } });
      expect(await run<ReconcileResult>('reconcile')).toMatchObject({ code: 0, answer: { drift: [] } });
      const { answer } = await run<Plan>('plan', '--refresh');
      expect(answer.servers[0]!.changes.filter(({ op }) => op !== 'unchanged')).toEqual([]);
    },
    3 * minutes,
  );
});
