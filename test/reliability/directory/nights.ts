/** Nights of synchronisation with an emulated national directory, gateways killed at random, each day compared with the ideal. */
import { setTimeout as pause } from 'node:timers/promises';
import { sql } from 'kysely';
import { systemIds } from '../../../src/clock.ts';
import { createAnnuaire } from '../../../src/directory/annuaire/create-annuaire.ts';
import { fetchAnswer } from '../../../src/directory/api/fetch.ts';
import { createQuota } from '../../../src/directory/api/quota.ts';
import { synchronise } from '../../../src/directory/synchronise.ts';
import type { DirectorySource } from '../../../src/directory/types.ts';
import { createLog } from '../../../src/log.ts';
import { createEmulator, type Emulator } from '../../../src/sandbox/annuaire/emulator.ts';
import type { Told } from '../../../src/sandbox/annuaire/population/ideal.ts';
import { createPopulation } from '../../../src/sandbox/annuaire/population/population.ts';
import type { QuirkSetting } from '../../../src/sandbox/annuaire/quirks/draws.ts';
import type { Scenario } from '../../../src/sandbox/annuaire/scenario/types.ts';
import type { DirectoryRun } from '../../../src/store/directory.ts';
import { openStore, type Store } from '../../../src/store/store.ts';
import { freshDatabase } from '../../database.ts';
import { seeded, type Random } from '../random.ts';
import { type Difference, differences } from './compare.ts';
import { type NightClock, nightClock } from './night-clock.ts';

export type NightsOptions = {
  scenario: Scenario;
  days: number;
  seed: number;
  /** Share of nights on which the gateway is killed, once or several times. */
  kills: number;
  tell?: (night: Night) => void;
};

export type Night = {
  day: string;
  modes: string[];
  kills: number;
  requests: number;
  records: number;
  differences: Difference[];
};

const sourceId = 'annuaire';
const hourMs = 3_600_000;
/** All that is held is compared on each of so many days of complete reading; on other days what may differ is. */
const wholeEvery = 4;
/** Records whose JSON the emulator keeps: all of them, at 100,000 roles. */
const mostKept = 400_000;
const quotas = { perSecond: 17, perMinute: 1000 };

/** Plays them; throws when a night cannot be brought to its end. */
export async function playNights(options: NightsOptions): Promise<Night[]> {
  const random = seeded(options.seed);
  const clock = nightClock();
  const { scenario } = options;
  const population = createPopulation({
    ...{ seed: scenario.seed, roles: scenario.roles, start: scenario.start },
    ...{ quirks: scenario.content, rates: scenario.life },
    ...(scenario.pinned ? { pinned: scenario.pinned } : {}),
  });
  const emulator = await createEmulator({
    ...{ population, clock, scenario: { ...scenario, daySeconds: 0 }, keptRecords: mostKept },
  });
  const database = await freshDatabase();
  const complete = new Set<number>();
  const told = new Map<string, Told>();
  const nights: Night[] = [];
  let lastRun = 0;
  try {
    for (let day = 0; day < options.days; day += 1) {
      if (day > 0) emulator.advance(1);
      clock.set(emulator.now());
      emulator.resetTraffic();
      const shared = { emulator, clock, random, url: database.url };
      const quirks = quirksNear(scenario.quirks, emulator.now());
      const runs = await playNight({ ...shared, kills: options.kills, quirks });
      // as the database has it: a gateway that was killed may have applied its run before
      const all = (await database.store.directory.runs(50, sourceId)).filter(({ id }) => id > lastRun);
      const applied = all.filter(({ status }) => status === 'applied').reverse();
      lastRun = all[0]?.id ?? lastRun;
      const proven = applied.some((run) => run.mode === 'full' && run.complete);
      if (proven) complete.add(population.dayNumber);
      const last = day === options.days - 1; // by digests made anew
      const whole = (proven && complete.size % wholeEvery === 1) || last;
      const since = whole ? {} : { since: population.dayNumber - 1 };
      const ideal = emulator.ideal({
        complete: (one) => complete.has(one),
        ...(last ? {} : { told }),
        ...since,
      });
      const night: Night = {
        day: population.day,
        modes: applied.map(({ mode, complete: whole }) => `${mode}${whole ? '' : ' incomplete'}`),
        kills: runs.kills,
        requests: emulator.traffic().requests,
        records: await held(database.store),
        differences: await differences(database.store, sourceId, ideal, !whole),
      };
      nights.push(night);
      options.tell?.(night);
    }
    return nights;
  } finally {
    clock.stop();
    await emulator.stop();
    await database.close();
  }
}

type NightParts = {
  emulator: Emulator;
  clock: NightClock;
  random: Random;
  url: string;
  kills: number;
  quirks: readonly QuirkSetting[];
};

/** Those that can strike within the night: a year has hundreds, and each request looks at all that are on. */
function quirksNear(quirks: readonly QuirkSetting[], now: number): QuirkSetting[] {
  return quirks.filter(
    ({ from = -Infinity, to = Infinity }) => from <= now + 24 * hourMs && to >= now - 24 * hourMs,
  );
}

/** Outages of hours: the directory's own time stands still during a night. */
function isShort(from = -Infinity, to = Infinity): boolean {
  return to - from < 24 * hourMs;
}

/** Gateways one after the other until the night's work is done; each has connections of its own, which die with it. */
async function playNight(parts: NightParts): Promise<{ applied: DirectoryRun[]; kills: number }> {
  const { clock, random, url } = parts;
  const applied: DirectoryRun[] = [];
  const { quirks } = parts;
  parts.emulator.setQuirks(quirks);
  const wanted = random.chance(parts.kills) ? 1 + random.below(3) : 0;
  for (let kills = 0, tries = 0; ; tries += 1) {
    if (tries > 12) throw new Error(`the night of ${parts.emulator.population.day} does not end`);
    lives += 1;
    const name = `night-${lives}`;
    const store = openStore(`${url}${url.includes('?') ? '&' : '?'}application_name=${name}`, 4);
    const killer = createKiller({ store, url, name }, kills < wanted ? random : undefined);
    const source = killer.watching(openSource(parts));
    const work = synchronise(
      {
        store,
        clock,
        log: createLog('silent'),
        owner: `life ${tries}`,
        brake: { share: 1, freely: 1e9 },
        program: 'test',
      },
      source,
      { rank: 0, actor: 'night', confirm: true, signal: new AbortController().signal },
    );
    const ended = await Promise.race([work.then((run) => ({ run }), asFailure), killer.dead]);
    work.catch(() => undefined);
    if (ended === 'killed' || killer.stop() === 'too late') {
      await killer.dead;
      kills += 1;
      continue;
    }
    await store.close();
    if ('failed' in ended) {
      if (tries > 6) throw ended.failed;
      clock.set(clock.now() + hourMs);
      parts.emulator.setQuirks(quirks.filter(({ from, to }) => !isShort(from, to))); // tried again when an outage is over
      continue;
    }
    applied.push(ended.run);
    if (ended.run.status !== 'applied') throw new Error(`run ${ended.run.id} is ${ended.run.status}`);
    if (ended.run.complete || applied.length > 2) return { applied, kills };
  }
}

/** Gateways started so far: each has a name of its own at the database. */
let lives = 0;

const asFailure = (failed: unknown): { failed: unknown } => ({ failed });

function openSource({ emulator, clock }: NightParts): DirectorySource {
  return createAnnuaire({
    ...{ id: sourceId, base: emulator.base, key: emulator.key, clock, ids: systemIds },
    ...{ log: createLog('silent'), quota: createQuota(quotas, clock) },
    fetch: (address, ask) => clock.during(fetchAnswer(address, ask)),
  });
}

type Killer = {
  watching(source: DirectorySource): DirectorySource;
  dead: Promise<'killed'>;
  /** Too late when it is being killed already. */
  stop(): 'stopped' | 'too late';
};

/** Ends a gateway's connections at once, after a page of the drawn number or in the middle of what follows the last. */
function createKiller(
  { store, url, name }: { store: Store; url: string; name: string },
  random: Random | undefined,
): Killer {
  if (!random)
    return { watching: (source) => source, dead: new Promise(() => undefined), stop: () => 'stopped' };
  let tell: (dead: 'killed') => void;
  const dead = new Promise<'killed'>((resolve) => (tell = resolve));
  let state: 'waiting' | 'stopped' | 'killing' = 'waiting';
  const afterPage = random.chance(0.6) ? random.below(30) : Infinity;
  const afterEnd = random.below(60);
  const kill = async (): Promise<void> => {
    if (state !== 'waiting') return;
    state = 'killing';
    const closing = store.close().catch(() => undefined); // nothing more is asked, what is asked loses its connection
    const admin = openStore(url, 1);
    await sql`select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = ${name} and datname = current_database()`.execute(admin.db);
    await sql`update lease set until = clock_timestamp()`.execute(admin.db); // a minute later
    await admin.close();
    await closing;
    tell('killed');
  };
  return {
    dead,
    stop: () => {
      if (state === 'killing') return 'too late';
      state = 'stopped';
      return 'stopped';
    },
    watching: (source) => ({
      ...source,
      async *read(ask) {
        const reading = source.read(ask);
        try {
          for (let page = 0; ; page += 1) {
            const step = await reading.next();
            if (step.done) {
              void pause(afterEnd).then(kill);
              return step.value;
            }
            if (page === afterPage) void kill();
            yield step.value;
          }
        } finally {
          await reading.return(undefined as never);
        }
      },
    }),
  };
}

async function held(store: Store): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*)::int from directory_record`.execute(store.db);
  return rows[0]!.count;
}
