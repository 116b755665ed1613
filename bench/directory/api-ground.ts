/** The emulated directory that P8 reads: quotas of the real API, a quarter of 502, dead links, a month of changes. */
import { createAnnuaire } from '../../src/directory/annuaire/create-annuaire.ts';
import { createQuota } from '../../src/directory/api/quota.ts';
import { systemClock, systemIds } from '../../src/clock.ts';
import { type Fetch, fetchAnswer } from '../../src/directory/api/fetch.ts';
import { type BusyClock, busyClock } from '../../test/directory/busy-clock.ts';
import type { DirectorySource } from '../../src/directory/types.ts';
import type { Json } from '../../src/fhir/types.ts';
import { createLog } from '../../src/log.ts';
import { createEmulator, type Emulator } from '../../src/sandbox/annuaire/emulator.ts';
import { createPopulation } from '../../src/sandbox/annuaire/population/population.ts';

export const limits = { perSecond: 17, perMinute: 1000 };
const faults = [
  { name: 'bad-gateway', rate: 0.25 },
  { name: 'dead-next', rate: 0.02 },
] as const;
/** Days before the delta, with so much life that most records change in them. */
const days = 20;
const rates = { mailboxChange: 0.08, roleChange: 0.08, renaming: 0.08 };

export type Ground = { emulator: Emulator; cursor: Json; open: () => DirectorySource };

/** Milliseconds that an answer of the real API takes, about; what the machine needs beside it is not counted. */
const latencyMs = { least: 60, spread: 90 };

/**
 * Quotas, waits and deadlines run on one clock that stands while a request is answered over its socket: a busy machine
 * changes nothing of what is measured, and a minute takes as long as its work.
 */
export async function pacedGround(roles: number): Promise<Ground & { clock: BusyClock; fetch: Fetch }> {
  const clock = busyClock();
  const { emulator, cursor } = await directory(roles, { ...limits, retryAfter: true }, clock);
  let draw = 1;
  const fetch: Fetch = async (url, ask) => {
    draw = (draw * 48_271) % 2_147_483_647;
    await clock.sleep(latencyMs.least / 2, ask.signal);
    const answer = await clock.stand(fetchAnswer(url, ask));
    await clock.sleep(latencyMs.least / 2 + (draw % latencyMs.spread), ask.signal);
    return answer;
  };
  const open = (): DirectorySource =>
    createAnnuaire({
      ...{ id: 'bench', base: emulator.base, key: emulator.key, clock, ids: systemIds, fetch },
      ...{ quota: createQuota(limits, clock), log: createLog('silent') },
    });
  return { emulator, cursor, open, clock, fetch };
}

/** Without quotas and faults, on the machine's clock: as much as possible is under way at any time. */
export async function freeGround(roles: number): Promise<Ground> {
  const { emulator, cursor } = await directory(roles, { retryAfter: true }, systemClock);
  emulator.setQuirks([]);
  const quota = (): ReturnType<typeof createQuota> =>
    createQuota({ perSecond: 10_000, perMinute: 600_000 }, systemClock);
  const open = (): DirectorySource =>
    createAnnuaire({
      ...{ id: 'bench', base: emulator.base, key: emulator.key, clock: systemClock, ids: systemIds },
      ...{ quota: quota(), log: createLog('silent') },
    });
  return { emulator, cursor, open };
}

async function directory(
  roles: number,
  quotas: { perSecond?: number; perMinute?: number; retryAfter: boolean },
  clock: { now(): number },
): Promise<{ emulator: Emulator; cursor: Json }> {
  const population = createPopulation({ seed: 8, roles, start: '2026-09-01', rates });
  const scenario = { quirks: faults, daySeconds: 0, quotas };
  const emulator = await createEmulator({ population, scenario, clock });
  const cursor = { from: new Date(emulator.now()).toISOString() };
  emulator.advance(days);
  return { emulator, cursor };
}
