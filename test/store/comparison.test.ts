import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Compared, Comparison, StagedResource } from '../../src/store/comparison.ts';
import type { DeployedResource } from '../../src/store/deployed.ts';
import { freshDatabase, type TestDatabase } from '../database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(async () => database.close());

const tenant = 'idf';
const shared = '*';
const serverId = 'a';
const networks = ['n1', 'n2', 'n3'];
const keys = ['k|1', 'k|2', 'k|3', 'k|4'];
const body = { resourceType: 'Organization' };

type World = {
  wishes: StagedResource[];
  deployed: DeployedResource[];
  foreign: string[];
  concerned: string[] | undefined;
  always: string[];
  foreignToo: boolean;
};

/** Copies are shared, the rest is the tenant's own; the key says which. */
const isCopy = (key: string): boolean => key >= 'k|3';

const aWorld: fc.Arbitrary<World> = fc.record({
  wishes: fc
    .uniqueArray(fc.tuple(fc.constantFrom(...networks), fc.constantFrom(...keys)), {
      selector: (pair) => pair.join(),
    })
    .chain((pairs) =>
      fc.tuple(...pairs.map((pair) => fc.tuple(fc.constant(pair), fc.constantFrom('x', 'y')))),
    )
    .map((all) =>
      all.map(([[networkId, key], hash]) => ({
        ...{ networkId, type: 'Organization', key, hash },
        class: isCopy(key) ? ('directory-copy' as const) : ('owned' as const),
      })),
    ),
  deployed: fc
    .subarray(keys)
    .chain((some) =>
      fc.tuple(
        ...some.map((key) =>
          fc.tuple(
            fc.constant(key),
            fc.constantFrom('x', 'y'),
            fc.boolean(),
            fc.subarray(isCopy(key) ? ['idf/n1', 'idf/n2', 'paca/n9'] : ['n1', 'n2', 'n3']),
          ),
        ),
      ),
    )
    .map((rows) =>
      rows.map(([key, hash, active, by]) => ({
        ...{ tenant: isCopy(key) ? shared : tenant, serverId, type: 'Organization', key, hash, body, active },
        ...{
          class: isCopy(key) ? 'directory-copy' : 'owned',
          networks: by,
          runId: 'r',
          deployedAt: new Date(0),
        },
      })),
    ),
  foreign: fc.subarray(keys.filter(isCopy)),
  concerned: fc.option(fc.subarray(networks, { minLength: 1 }), { nil: undefined }),
  always: fc.subarray(keys.map((key) => `Organization ${key}`)),
  foreignToo: fc.boolean(),
});

/** The same by hand: plain maps over all. */
function expected(world: World): Pick<Comparison, 'differing' | 'unchanged' | 'inUse'> {
  const differing: Compared[] = [];
  const unchanged: Record<string, number> = {};
  for (const key of keys) {
    const wishes = world.wishes
      .filter((one) => one.key === key)
      .sort((a, b) => (a.networkId < b.networkId ? -1 : 1));
    const row = world.deployed.find((one) => one.key === key);
    if (wishes.length === 0 && !row) continue;
    const by = wishes.map(({ networkId }) => networkId);
    const own = (row?.networks ?? []).filter((one) => !isCopy(key) || one.startsWith('idf/'));
    const needers = own.map((one) => one.replace('idf/', ''));
    const told = world.always.includes(`Organization ${key}`);
    const meant = wishes.length ? by : needers;
    if (!told && world.concerned && !meant.some((one) => world.concerned!.includes(one))) continue;
    const foreign = wishes.length > 0 && !row && isCopy(key) && world.foreign.includes(key);
    const differs =
      told ||
      (wishes.length === 0
        ? row!.active && (!isCopy(key) || needers.length > 0)
        : row
          ? row.hash !== wishes[0]!.hash || needers.join() !== by.join()
          : !foreign || world.foreignToo);
    if (!differs) {
      if (by[0] !== undefined) unchanged[by[0]] = (unchanged[by[0]] ?? 0) + 1;
      continue;
    }
    differing.push({
      ...{ type: 'Organization', key },
      wish: wishes[0] ? { class: wishes[0].class, hash: wishes[0].hash, networks: by } : null,
      row: row
        ? {
            tenant: row.tenant,
            class: row.class,
            hash: row.hash,
            active: row.active,
            networks: row.networks,
            needers,
          }
        : null,
      foreign: foreign ? { tenant: shared, localId: `local-${key.slice(2)}` } : null,
    });
  }
  const inUse = world.deployed.filter(
    (row) => row.active && (!isCopy(row.key) || row.networks.some((one) => one.startsWith('idf/'))),
  );
  return { differing, unchanged, inUse: inUse.length };
}

describe('comparing in the database', () => {
  it('tells what comparing by hand tells, whatever several networks and tenants want and have', async () => {
    await fc.assert(
      fc.asyncProperty(aWorld, fc.integer({ min: 0, max: 7 }), async (world, split) => {
        const { store } = database;
        await store.transaction(async (tx) => {
          await tx.db.deleteFrom('deployed').execute();
          await tx.db.deleteFrom('reference').execute();
          await tx.deployed.put(world.deployed);
          await tx.references.put(
            world.foreign.map((key) => ({
              ...{ tenant: shared, serverId, type: 'Organization', key, localId: `local-${key.slice(2)}` },
              ...{ versionId: null, lastUpdated: null, ours: false },
            })),
          );
          const stored = networks.filter((_one, index) => (split >> index) & 1);
          await tx.desired.replace(
            tenant,
            world.wishes
              .filter(({ networkId }) => stored.includes(networkId))
              .map((one) => ({ ...one, body, origin: [] })),
          );
          const found = await tx.comparison.compare({
            ...{ tenant, shared, serverId, desired: stored, held: [] },
            staged: world.wishes.filter(({ networkId }) => !stored.includes(networkId)),
            ...(world.concerned ? { concerned: world.concerned } : {}),
            ...{ always: world.always, foreignToo: world.foreignToo },
          });
          const { differing, unchanged, inUse } = found;
          expect({ differing, unchanged, inUse }).toEqual(expected(world));
        });
      }),
      { numRuns: 150 },
    );
  }, 60_000);
});
