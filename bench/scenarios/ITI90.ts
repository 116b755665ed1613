/** ITI90: search of the mCSD Directory by identifier over HTTP, in a held directory of a million roles and their people. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { sql } from 'kysely';
import { longKey } from '../../src/directory/keys.ts';
import { createLog } from '../../src/log.ts';
import { startEmbedded } from '../../src/store/embedded.ts';
import { migrate } from '../../src/store/migrate.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { basic, startApi } from '../../test/api/start-api.ts';
import { fillRoles } from '../directory/fill-roles.ts';
import type { Scenario } from '../scenario.ts';

const id = 'ITI90';

export const scenario: Scenario = {
  async run({ quick }) {
    const roles = quick ? 100_000 : 1_000_000;
    const folder = await mkdtemp(join(tmpdir(), 'passerelle-bench-'));
    const postgres = await startEmbedded(folder, createLog('error'));
    const store = openStore(postgres.url, 4);
    const client = new pg.Client({ connectionString: postgres.url });
    try {
      await migrate(store.db);
      await fill(store, roles);
      await client.connect();
      const api = await startApi(store);
      const [searched, middle, read, direct]: number[][] = [[], [], [], []];
      const [rounds, asked] = quick ? [3, 200] : [5, 1000];
      try {
        for (let round = 0; round <= rounds; round += 1) {
          const keys = keysOf(round, asked, roles);
          const byIdentifier = await timed(keys, async (key) => {
            const bundle = await ask(`PractitionerRole?identifier=${encodeURIComponent(longKey(key))}`);
            const found = (bundle['entry'] as { resource: { id: string } }[])[0]!.resource.id;
            ids.push(found);
          });
          const byId = await timed(ids.splice(0), async (one) => void (await ask(`PractitionerRole/${one}`)));
          const bySql = await timed(keys, async (key) => {
            const { rowCount } = await client.query(
              `select * from directory_record where kind = 'PractitionerRole' and key = $1`,
              [key],
            );
            if (rowCount !== 1) throw new Error('a record is missing');
          });
          if (round === 0) continue; // warm-up
          searched!.push(percentile(byIdentifier, 99));
          middle!.push(percentile(byIdentifier, 50));
          read!.push(percentile(byId, 99));
          direct!.push(percentile(bySql, 99));
        }
      } finally {
        await api.close();
      }
      const what = `${roles.toLocaleString('en')} roles`;
      const limit = { name: 'the row by its key, in SQL, p99', values: direct! };
      const common = { id, unit: 'ms', warmUp: 1 } as const;
      return [
        { ...common, what: `search by identifier over HTTP, ${what}, p99`, values: searched!, goal: { atMost: 10 }, limit },
        { ...common, what: `search by identifier over HTTP, ${what}, median`, values: middle! },
        { ...common, what: `read by id over HTTP, ${what}, p99`, values: read!, goal: { atMost: 10 }, limit },
      ]; // prettier-ignore

      async function ask(path: string): Promise<Record<string, unknown>> {
        const answer = await fetch(`${api.url}/fhir/${path}`, { headers: basic('reader') });
        if (answer.status !== 200) throw new Error(`${path}: ${answer.status}`);
        return (await answer.json()) as Record<string, unknown>;
      }
    } finally {
      await client.end();
      await store.close();
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    }
  },
};

/** Ids found by the searches of a round: what its reads ask for. */
const ids: string[] = [];

/** The rows of the nearest-offer bench, with content as a source gives it and the run that brought them. */
async function fill(store: Store, roles: number): Promise<void> {
  await fillRoles(store, roles);
  await sql`insert into directory_run (source, mode, status, actor, started_at, finished_at, complete)
    values ('bench', 'full', 'applied', 'bench', now(), now(), true)`.execute(store.db);
  await sql`update directory_record_bench set content =
    '{"resourceType":"' || kind || '","identifier":[{"system":"' || split_part(directory_long_key(key), '|', 1)
      || '","value":"' || substr(key, 2) || '"}]}'`.execute(store.db);
  await sql`vacuum analyze directory_record_bench`.execute(store.db);
  await sql`checkpoint`.execute(store.db); // a directory is loaded at night: its pages are on disk when it is asked
}

function keysOf(round: number, count: number, roles: number): string[] {
  return Array.from(
    { length: count },
    (_, index) => `X${1 + (((index + 1) * 7919 + round * 104_729) % roles)}`,
  );
}

async function timed<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<number[]> {
  const took: number[] = [];
  for (const item of items) {
    const start = performance.now();
    await work(item);
    took.push(performance.now() - start);
  }
  return took;
}

function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))]!;
}
