/**
 * One history of a directory that is read: gateways that are killed, suspended and started again, a source and a database
 * that fail, until somebody says that everything was read. Judged from outside: every record of the source is staged once.
 */
import { createHash } from 'node:crypto';
import type { DirectorySource, ReadEnd, ReadRecord, SourcePage } from '../../src/directory/types.ts';
import type { Log } from '../../src/log.ts';
import { seeded } from '../reliability/random.ts';
import type { Fault } from './checker.ts';
import type { Core } from './core.ts';
import { createDatabase } from './database.ts';
import type { HistoryOptions } from './history.ts';
import type { Judged } from './play.ts';
import { readingStore, type StagedRow } from './reading-store.ts';
import { createScheduler, type Process } from './scheduler.ts';

const silent: Log = { info() {}, warn() {}, error() {}, debug() {} } as unknown as Log;
const troubleMs = 60_000;
const healingMs = 3 * 3_600_000;
const id = 'annuaire';

/** Plays it and judges it. The same options give the same. */
export async function playReading(core: Core, options: HistoryOptions): Promise<Judged> {
  const random = seeded(options.seed);
  const scheduler = createScheduler(random, options.crash);
  const unavailable = (side: 'gateway' | 'directory'): Error =>
    new core.GatewayError({ category: 'unavailable', side, message: 'away' });
  const database = createDatabase(scheduler, () => unavailable('gateway'));
  const records = Array.from({ length: 2 + random.below(14) }, (_, n) => recordOf(n));
  const pageSize = 1 + random.below(4);
  const readsAhead = random.chance(0.5);
  const gateways = 1 + random.below(2);
  const drawn = { gateways, hospitals: [], senders: records.length, kills: 0, pauses: 0, foreignEdits: 0 };
  let failing = options.calm ? 0 : random.fraction() * 0.1;

  const running = Array.from({ length: gateways }, (_, n) => start(n, 0));
  if (!options.calm) trouble();
  const healed = scheduler.now() + (options.calm ? 0 : troubleMs);
  scheduler.at(healed, () => {
    failing = 0;
    Object.assign(database.faults, { refuse: 0, loseCommitAnswer: 0 });
  });
  const read = (): number | undefined => {
    const run = database.committed('run').find(({ status }) => status === 'planned');
    return run?.['id'] as number | undefined;
  };
  const isOver = await scheduler.run(
    () => read() !== undefined && scheduler.now() >= healed,
    healed + healingMs,
  );
  for (const one of running) scheduler.kill(one);
  const staged = (database.committed('stage') as StagedRow[]).filter(({ run }) => run === read());
  return {
    ...{ options, drawn, calls: scheduler.calls(), crashed: scheduler.crashed() },
    faults: isOver ? judge(staged) : [{ wrong: 'stuck', what: 'the directory is never read to its end' }],
  };

  function judge(rows: readonly StagedRow[]): Fault[] {
    return records.flatMap(({ key }): Fault[] => {
      const times = rows.filter((row) => key.endsWith(`|${row.key.split('|').at(-1)!}`)).length;
      if (times === 1) return [];
      return [{ wrong: times === 0 ? 'lost' : 'doubled', what: `${key} was read ${times} times` }];
    });
  }

  /** A gateway whose schedule comes by every few seconds. */
  function start(n: number, life: number): Process {
    const one = scheduler.process(`gateway ${n} life ${life}`);
    one.onKill.push(() => {
      drawn.kills += 1;
      scheduler.at(scheduler.now() + 200 + random.below(3_000), () => void (running[n] = start(n, life + 1)));
    });
    void synchronise(one);
    return one;
  }

  async function synchronise(one: Process): Promise<void> {
    const store = readingStore(database, one, () => scheduler.now(), core);
    const parts = {
      store,
      clock: one.clock,
      log: silent,
      owner: one.name,
      brake: { share: 1, freely: 1 },
      program: '',
    };
    const ask = { mode: 'full', intent: 'plan', actor: 'sim' } as const;
    const source = sourceOf(one);
    for (;;) {
      const stop = new AbortController();
      await core
        .withLease(parts, id, stop.signal, async (lease, signal) => {
          const open = await core.openRun(parts, source, lease, ask);
          if (open.run.status === 'planned') return;
          const { pages } = await core.readRun(store, source, open, lease, { signal });
          await store.transaction(async (tx) => {
            await tx.directoryRuns.endReading(open.run.id, pages);
            await tx.directoryRuns.change(open.run.id, { status: 'planned' });
          });
        })
        .catch(() => undefined);
      if (read() !== undefined) return;
      await one.clock.sleep(1_000 + random.below(4_000));
    }
  }

  /** As that process reaches it; goes on where a checkpoint says. */
  function sourceOf(one: Process): DirectorySource {
    async function* pages(resume: unknown): AsyncGenerator<SourcePage, ReadEnd> {
      for (let at = typeof resume === 'number' ? resume : 0; at < records.length; at += pageSize) {
        const given = await scheduler.call(one, () => {
          if (random.chance(failing)) throw unavailable('directory');
          return records.slice(at, at + pageSize);
        });
        const checkpoint = at + pageSize;
        const rest = { removed: [], tally: {}, issues: [], digest: '', rows: given.length };
        yield { ...rest, checkpoint, records: given };
      }
      return { complete: true, asOf: new Date(scheduler.now()), totals: [] };
    }
    return { id, kind: 'mcsd', modes: ['full'], readsAhead, read: ({ resume }) => pages(resume) };
  }

  function trouble(): void {
    database.faults.refuse = random.chance(0.5) ? random.fraction() * 0.05 : 0;
    database.faults.loseCommitAnswer = random.chance(0.5) ? random.fraction() * 0.05 : 0;
    for (let kills = 1 + random.below(4); kills > 0; kills -= 1)
      scheduler.at(scheduler.now() + random.below(200), () => scheduler.kill(random.pick(running)));
    for (let pauses = random.below(3); pauses > 0; pauses -= 1)
      scheduler.at(scheduler.now() + random.below(200), () => {
        scheduler.freeze(random.pick(running), 1_000 + random.below(90_000));
        drawn.pauses += 1;
      });
  }
}

function recordOf(n: number): ReadRecord {
  const content = `record ${n}`;
  const hash = createHash('sha256').update(content).digest();
  return {
    kind: 'Practitioner',
    key: `https://sim.example/person|${n}`,
    state: 'active',
    form: 'fhir',
    content,
    hash,
    facts: {},
  };
}
