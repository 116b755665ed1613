/** PLAN: 100,000 resources wanted and deployed, ten of them with new words: how long a plan takes and what memory. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { createLog } from '../../src/log.ts';
import { startEmbedded } from '../../src/store/embedded.ts';
import { migrate } from '../../src/store/migrate.ts';
import { openStore } from '../../src/store/store.ts';
import { fill } from '../plan/fill.ts';
import type { Planned } from '../plan/process.ts';
import type { Scenario } from '../scenario.ts';

const size = 100_000;
const changes = 10;
const warmUp = 1;
const program = join(import.meta.dirname, '../plan/process.ts');

export const scenario: Scenario = {
  async run({ quick }) {
    const folder = await mkdtemp(join(tmpdir(), 'passerelle-bench-'));
    const postgres = await startEmbedded(folder, createLog('error'));
    const store = openStore(postgres.url);
    try {
      await migrate(store.db);
      const ids = await fill(store, size);
      const planned: Planned[] = [];
      const join_: number[] = [];
      for (let n = 0; n < (quick ? 3 : 15) + warmUp; n += 1) {
        planned.push(await planOnce(postgres.url, ids));
        join_.push(await bareJoin(postgres.url));
      }
      const wrong = planned.find((one) => one.changes !== changes || one.unchanged !== size - changes);
      if (wrong) throw new Error(`a wrong plan: ${JSON.stringify(wrong)}`);
      const kept = planned.slice(warmUp);
      const what = 'plan of 100,000 resources, 10 changed';
      const note =
        'networks as read (99 of them unchanged since they were stored, one mapped anew), one server, a new process each time';
      return [
        {
          ...{ id: 'PLAN', what, unit: 'ms', warmUp, note, goal: { atMost: 2000 } },
          values: kept.map(({ ms }) => ms),
          limit: {
            name: 'PostgreSQL joins the two tables by key and compares hashes',
            values: join_.slice(warmUp),
          },
        },
        {
          ...{ id: 'PLAN', what: 'peak resident memory of the planning process', unit: 'MiB', warmUp },
          ...{ goal: { atMost: 256 }, values: kept.map(({ peakMiB }) => peakMiB) },
        },
      ];
    } finally {
      await store.close();
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    }
  },
};

async function planOnce(url: string, ids: readonly string[]): Promise<Planned> {
  const args = [program, url, ids.join(','), String(changes)];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout) as Planned;
}

/** What no plan over these tables can beat. */
async function bareJoin(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const start = performance.now();
  await client.query(
    'select count(*) from desired d join deployed w on w.type = d.type and w.key = d.key where w.hash <> d.hash',
  );
  const took = performance.now() - start;
  await client.end();
  return took;
}
