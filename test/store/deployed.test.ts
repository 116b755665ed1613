import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { DeployedResource } from '../../src/store/deployed.ts';
import { freshDatabase, type TestDatabase } from '../database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(async () => database.close());

const at = { serverId: 'a', type: 'Organization' };
const row = (tenant: string, key: string, networks: string[]): DeployedResource => ({
  ...{ ...at, tenant, key, networks, class: 'owned', hash: 'h', body: { resourceType: 'Organization' } },
  ...{ active: true, runId: 'r', deployedAt: new Date(0) },
});

it('noting who needs a shared copy leaves the needs of other tenants as they are by then', async () => {
  const { deployed } = database.store;
  await deployed.put([row('*', 'k|1', ['idf/n1', 'paca/n9']), row('idf', 'k|2', ['n1', 'n2'])]);
  const read = await deployed.list(['*', 'idf'], 'a');
  // Meanwhile another tenant needs the copy for one network more, and no more for the other.
  await deployed.setNeeders('paca', [{ ...at, tenant: '*', key: 'k|1', networks: ['paca/n8'] }]);
  await deployed.setNeeders(
    'idf',
    read.map((one) => ({
      ...one,
      networks: [
        ...one.networks.filter((name) => !name.endsWith('n1')),
        one.tenant === '*' ? 'idf/n3' : 'n3',
      ],
    })),
  );
  const now = await deployed.list(['*', 'idf'], 'a');
  expect(now.map(({ key, networks }) => [key, networks])).toEqual([
    ['k|1', ['idf/n3', 'paca/n8']],
    ['k|2', ['n2', 'n3']],
  ]);
});
