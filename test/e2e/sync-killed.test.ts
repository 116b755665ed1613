/** A real `passerelle sync` ended the hard way at random pages, with or without its database (P-8): decision 0027. */
import { afterEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { SyncOutcome } from '../../src/directory-operations.ts';
import { createLog } from '../../src/log.ts';
import { startEmbedded } from '../../src/store/embedded.ts';
import { seeded } from '../reliability/random.ts';
import { killPostgres, stopPostgres } from '../reliability/postgres-process.ts';
import { type Ran, workFolder } from './passerelle.ts';
import { startSyncStage, type StageOptions, type SyncStage } from './sync-stage.ts';

const long = process.env['PASSERELLE_LONG'] === '1';
const { days, roles, kills } = long ? { days: 10, roles: 5000, kills: 6 } : { days: 2, roles: 500, kills: 2 };
const limitMs = long ? 3_600_000 : 300_000;

let stage: SyncStage;
afterEach(() => stage.close());
const open = async (options: StageOptions): Promise<void> => void (stage = await startSyncStage(options));

/** The one outcome that a synchronisation printed. */
function outcomeOf({ code, stdout, stderr }: Ran): SyncOutcome {
  if (!stdout.startsWith('[')) throw new Error(`ended with ${code}: ${stdout}${stderr}`);
  return (JSON.parse(stdout) as SyncOutcome[])[0]!;
}

function runOf(ran: Ran) {
  const outcome = outcomeOf(ran);
  if (!('run' in outcome)) throw new Error(`no run: ${JSON.stringify(outcome)}\n${ran.stderr}`);
  return outcome.run;
}

/** What readers see, as one digest: equal before and after whatever was not applied. */
const seen = (): Promise<string> =>
  stage.look(async ({ db }) => {
    const { rows } = await sql<{ digest: string }>`
      select coalesce(md5(string_agg(concat_ws('|', kind, key, state, content), ',' order by kind, key)), '') as digest
      from directory_record`.execute(db);
    return rows[0]!.digest;
  });

describe('a synchronisation whose process is killed', () => {
  it(
    'is begun again until it is done, shows nothing half-applied, and holds what an ideal reader knows',
    async () => {
      const random = seeded(20261128);
      await open({ roles });
      const complete = new Set<number>();
      let dead = 0;
      for (let day = 0; day < days; day += 1) {
        if (day > 0) stage.emulator.advance(1);
        for (const mode of day === 0 ? [[], ['--full']] : [[]]) {
          const before = day === 0 && mode.length === 0 ? '' : await seen();
          for (let kill = 0; kill < kills; kill += 1) {
            const running = stage.sync(...mode);
            await stage.asked(1 + random.below(day === 0 ? 60 : 12), running);
            await pause(random.below(40));
            running.signal('SIGKILL');
            const { code } = await running.ended;
            if (code === 0) break; // it was faster
            dead += 1;
            if (kill > 0) continue;
            const [after, [last]] = [
              await seen(),
              await stage.look(({ directory }) => directory.runs(1, 'annuaire')),
            ];
            if (last?.status !== 'applied') expect(after).toBe(before);
          }
          const run = runOf(await stage.sync(...mode).ended);
          expect(run).toMatchObject({ status: 'applied', complete: true });
          if (run.mode === 'full') complete.add(stage.emulator.population.dayNumber);
          expect(await stage.differences(complete)).toEqual([]);
        }
      }
      expect(dead).toBeGreaterThan(0);
      const history = JSON.parse((await stage.command('sync', 'history', '--json')).stdout) as {
        run: number;
        resumedAfter?: number[];
      }[];
      const resumed = history.find(({ resumedAfter }) => resumedAfter?.length);
      expect(resumed).toBeDefined();
      await verifies(resumed!.run);
    },
    limitMs,
  );
});

/** The report of a run that was cut is whole and signed. */
async function verifies(run: number): Promise<void> {
  const place = await workFolder();
  const file = join(place.folder, 'report.json');
  await writeFile(file, (await stage.command('sync', 'report', String(run))).stdout);
  expect(await stage.command('sync', 'verify', file)).toMatchObject({ code: 0 });
  await place.remove();
}

describe('a synchronisation whose database dies', () => {
  it(
    'goes on by itself after its last page once the killed postmaster is up again',
    async () => {
      await open({ roles });
      const random = seeded(7);
      for (let round = 0; round < (long ? 10 : 1); round += 1) {
        const running = stage.sync('--full');
        await stage.asked(15 + random.below(40), running);
        expect(await killPostgres(stage.data)).toBe(true);
        const ran = await running.ended;
        expect(runOf(ran)).toMatchObject({ status: 'applied', complete: true });
        expect(runOf(ran).resumedAfter?.length).toBeGreaterThan(0);
      }
      const today = new Set([stage.emulator.population.dayNumber]);
      expect(await stage.differences(today)).toEqual([]);
    },
    limitMs,
  );

  it(
    'waits for a server that is restarted',
    async () => {
      await withServer(async (server) => {
        const running = stage.sync();
        await stage.asked(20, running);
        await server.stop();
        await server.start();
        const run = runOf(await running.ended);
        expect(run).toMatchObject({ status: 'applied', complete: true });
        expect(run.resumedAfter?.length).toBeGreaterThan(0);
        expect(await stage.differences(new Set([stage.emulator.population.dayNumber]))).toEqual([]);
      });
    },
    limitMs,
  );

  // A lease long: `npm test` has it of the same code on a clock of its own (directory/outlast.test.ts).
  if (long)
    it(
      'tells of a server that stays away, and the next run goes on',
      async () => {
        await withServer(async (server) => {
          expect((await stage.sync().ended).code).toBe(0);
          const before = await seen();
          stage.emulator.advance(1);
          const cut = stage.sync('--full');
          await stage.asked(20, cut);
          await server.stop();
          const ran = await cut.ended;
          expect(ran.code).toBe(3);
          expect(outcomeOf(ran)).toMatchObject({
            error: { side: 'gateway', retryable: true, message: expect.stringContaining('base de données') },
          });
          await server.start();
          expect(await seen()).toBe(before);
          await pause(20_000); // what is left of the lease of the run that failed
          const again = runOf(await stage.sync('--full').ended);
          expect(again).toMatchObject({ status: 'applied', complete: true });
          expect(again.resumedAfter?.length).toBeGreaterThan(0);
          const { dayNumber } = stage.emulator.population;
          expect(await stage.differences(new Set([dayNumber - 1, dayNumber]))).toEqual([]);
        });
      },
      limitMs,
    );
});

/** A database server that a test stops and starts, and a stage over it. */
async function withServer(
  work: (server: { stop(): Promise<void>; start(): Promise<void> }) => Promise<void>,
): Promise<void> {
  const place = await workFolder();
  const folder = join(place.folder, 'server');
  const start = () => startEmbedded(folder, createLog('silent'), { max_connections: '60' });
  let server = await start();
  try {
    await open({ roles, databaseUrl: server.url });
    await work({ stop: () => server.stop(), start: async () => void (server = await start()) });
  } finally {
    await server.stop();
    await stopPostgres(folder);
    await place.remove();
  }
}
