/**
 * The national directory as a double for integrators of any product: the API v2 over a synthetic population, with its
 * quotas, its quirks and a time of its own. It knows nothing of its callers. Addresses are of the loopback interface
 * unless another is asked for.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerControl } from './control/answer.ts';
import { createDays } from './days.ts';
import { createFilesWriting, type FilesWriter } from './files-writing.ts';
import { addressOf, basePath } from './http/address.ts';
import { createElsewhere, type StrayCall } from './http/elsewhere.ts';
import { createHandler } from './http/handle.ts';
import { keyOf } from './http/key.ts';
import { createQuota } from './http/quota.ts';
import { createTraffic, type TrafficReport } from './http/traffic.ts';
import { createWaits } from './http/waits.ts';
import { createJournal, type JournalDay } from './journal.ts';
import { idealReader, type IdealOptions, type IdealRecord } from './population/ideal.ts';
import type { DayTold, ForcedEvent, Population } from './population/types.ts';
import { createQuirks, type QuirkSetting } from './quirks/draws.ts';
import { defaultScenario } from './scenario/default.ts';
import type { Scenario } from './scenario/types.ts';
import { createEntryTexts } from './search/entry-texts.ts';
import { createSearches } from './search/searches.ts';
import { createTokens } from './search/token.ts';
import { type Clock, createDirectoryTime } from './time.ts';

export type EmulatorOptions = {
  population: Population;
  /** What quotas count on and directory time runs on; absent: the machine's. */
  clock?: Clock;
  /** How the server behaves; `seed`, `roles` and `start` are the population's. */
  scenario?: Partial<Omit<Scenario, 'seed' | 'roles' | 'start'>>;
  host?: string;
  /** Absent or 0: any free port. The other host listens on any free port. */
  port?: number;
  /** Folder that the matching files are written into each day, and on a call that names no other. */
  files?: string;
  writeFiles?: FilesWriter;
  /** Records whose JSON is kept in memory, some 1.5 kB each; absent: few. */
  keptRecords?: number;
};

export type Emulator = {
  /** Base of the API, without trailing slash. */
  base: string;
  key: string;
  population: Population;
  /** Instant of the directory, and of the clock that quotas count on, ms. */
  now(): number;
  clock(): number;
  /** Lives the days that time has reached; every request does so too. */
  settle(): DayTold[];
  /** Puts the directory forward by whole days, and tells what happened on each. */
  advance(days: number, events?: readonly ForcedEvent[]): DayTold[];
  /** What somebody who reads every day could know today. */
  ideal(options?: IdealOptions): AsyncGenerator<IdealRecord>;
  traffic(): TrafficReport;
  resetTraffic(): void;
  /** What reached the other host. */
  elsewhere(): { origin: string; calls: StrayCall[] };
  setQuirks(settings: readonly QuirkSetting[]): void;
  journal(): JournalDay[];
  /** Ends within a moment, whatever is still being answered. */
  stop(): Promise<void>;
};

/** Records kept where nobody says how many: 15 MB. */
const usualKept = 10_000;

/** The hour of its first day at which the directory is first seen: the night's changes are published by then. */
const firstHour = 'T06:00:00.000Z';

/** Starts one. Rejects when the port is taken. */
export async function createEmulator(options: EmulatorOptions): Promise<Emulator> {
  const { population, clock = { now: () => Date.now() }, host = '127.0.0.1' } = options;
  const start = population.dateOf(population.startNumber);
  const scenario: Scenario = { ...defaultScenario(start), ...options.scenario };
  const { daySeconds, quotas, pages } = scenario;
  const keys = new Set(scenario.keys ?? [keyOf(population.seed)]);
  const speed = daySeconds === 0 ? 0 : 86_400 / daySeconds;
  const time = createDirectoryTime(clock, Date.parse(`${start}${firstHour}`), speed);
  const searches = createSearches(population, pages.mode);
  const journal = createJournal();
  const traffic = createTraffic();
  const quirks = createQuirks(population.seed, scenario.quirks);
  const quota = createQuota(quotas);
  const waits = createWaits();
  const settings = { retryAfter: quotas.retryAfter, max: pages.max, over: pages.over };
  const elsewhere = createElsewhere(() => clock.now());

  const stray = createServer((request, response) => elsewhere.answer(request, response));
  const server = createServer({ maxHeaderSize: 32_768 });
  await listen(stray, host, 0);
  await listen(server, host, options.port ?? 0).catch(async (error: unknown) => {
    await close(stray);
    throw error;
  });
  const origin = originOf(server);
  const strayOrigin = originOf(stray);

  const writing = options.writeFiles ? createFilesWriting(population, options.writeFiles) : undefined;
  let fault: string | undefined;
  const days = createDays({
    ...{ population, time, journal, scheduled: scenario.days },
    before: () => searches.beforeChange(),
    held: () => writing?.busy() ?? false,
    after: () => {
      if (options.files)
        void writing?.write(options.files).catch((error: unknown) => (fault = codeOf(error)));
    },
  });
  const handle = createHandler({
    ...{ population, searches, quirks, time, keys, quota, traffic },
    texts: createEntryTexts(options.keptRecords ?? usualKept),
    tokens: createTokens(population.seed),
    clock: () => clock.now(),
    retryAfter: () => settings.retryAfter,
    limits: () => ({ max: settings.max, over: settings.over, windowDays: scenario.windowDays }),
    wait: (ms) => waits.wait(ms),
    origin: () => origin,
    elsewhere: () => strayOrigin,
  });

  const emulator: Emulator = {
    base: `${origin}${basePath}`,
    key: [...keys][0]!,
    population,
    now: () => time.now(),
    clock: () => clock.now(),
    settle: () => days.settle(),
    advance(count, events = []) {
      days.force(events);
      return days.advance(count);
    },
    ideal: (wanted) => idealReader(population, wanted),
    traffic: () => traffic.report(),
    resetTraffic: () => traffic.reset(),
    elsewhere: () => ({ origin: strayOrigin, calls: elsewhere.calls() }),
    setQuirks: (next) => quirks.set(next),
    journal: () => journal.days(),
    async stop() {
      waits.end();
      await Promise.all([close(server), close(stray), writing?.stop()]);
    },
  };

  const controlled = {
    emulator,
    days,
    time,
    quirks,
    quota,
    searches,
    settings,
    files: options.files,
    writing,
  };
  server.on('request', (request, response) => {
    days.settle();
    const isControl = addressOf(request.url ?? '/').area === 'control';
    const answered = isControl
      ? answerControl({ ...controlled, filesFault: fault }, request, response)
      : handle(request, response);
    answered.catch(() => response.destroy());
  });
  return emulator;
}

/** Why files could not be written: a code of the system, never a path. */
function codeOf(error: unknown): string {
  return (error as { code?: string }).code ?? 'failed';
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function originOf(server: Server): string {
  const { address, port, family } = server.address() as AddressInfo;
  const shown =
    address === '0.0.0.0' || address === '::' ? '127.0.0.1' : family === 'IPv6' ? `[${address}]` : address;
  return `http://${shown}:${port}`;
}
