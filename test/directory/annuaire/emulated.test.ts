import { afterEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '../../../src/clock.ts';
import { createAnnuaire } from '../../../src/directory/annuaire/create-annuaire.ts';
import { createQuota } from '../../../src/directory/api/quota.ts';
import type { DirectorySource } from '../../../src/directory/types.ts';
import { createLog } from '../../../src/log.ts';
import { createEmulator, type Emulator } from '../../../src/sandbox/annuaire/emulator.ts';
import { createPopulation } from '../../../src/sandbox/annuaire/population/population.ts';
import { servedTypes } from '../../../src/sandbox/annuaire/population/types.ts';
import type { QuirkSetting } from '../../../src/sandbox/annuaire/quirks/draws.ts';
import { keysRead, readAll } from '../../contracts/directory-source.ts';

let emulator: Emulator;
afterEach(() => emulator.stop());

async function start(roles: number, quirks: QuirkSetting[]): Promise<DirectorySource> {
  const population = createPopulation({ seed: 5, roles, start: '2026-09-01' });
  const scenario = { quirks, daySeconds: 0, quotas: { retryAfter: false } };
  emulator = await createEmulator({ population, scenario });
  return createAnnuaire({
    ...{ id: 'emulated', base: emulator.base, key: emulator.key, clock: systemClock },
    ids: { uuid: () => 'no', fraction: () => 0.01 },
    quota: createQuota({ perSecond: 5000, perMinute: 300_000 }, systemClock),
    ...{ log: createLog('silent'), pageSize: 100 },
  });
}

/** `Type system|value` of all that is served today. */
function served(since = -Infinity): string[] {
  const { population } = emulator;
  return servedTypes
    .flatMap((type) =>
      population
        .entries(type, since === -Infinity ? {} : { from: since }, -1, 1_000_000)
        .map(({ index }) => `${type} ${population.key(type, index)}`),
    )
    .sort();
}

const bad = (name: QuirkSetting['name'], rate: number): QuirkSetting => ({ name, rate });

describe('the emulated national directory', () => {
  it('is read whole, and each day’s delta is what changed', async () => {
    const source = await start(800, []);
    const full = await readAll(source);
    expect(full.end).toMatchObject({ complete: true });
    expect(keysRead(full.pages)).toEqual(served());
    const cursor = full.end.cursor!;
    emulator.advance(3);
    const since = Date.parse((cursor as { from: string }).from) - 3_600_000;
    const delta = await readAll(source, { mode: 'delta', cursor });
    expect(delta.end.complete).toBe(true);
    expect(keysRead(delta.pages)).toEqual(served(since));
    expect(keysRead(delta.pages).length).toBeGreaterThan(0);
  });

  it('is read whole with every fault of its server at once, each row once, the key sent nowhere else', async () => {
    const source = await start(500, [
      ...[bad('bad-gateway', 0.1), bad('gateway-timeout', 0.03), bad('throttle-burst', 0.005)],
      ...[bad('html-200', 0.02), bad('outcome-200', 0.02), bad('redirect-elsewhere', 0.02)],
      ...[
        bad('dead-next', 0.05),
        bad('missing-next', 0.05),
        bad('page-loop', 0.02),
        bad('next-other-path', 0.1),
      ],
      ...[
        bad('next-other-host', 0.05),
        bad('page-repeated', 0.05),
        bad('page-short', 0.1),
        bad('rows-dropped', 0.02),
      ],
      ...[bad('changed-total', 0.1), bad('no-total', 0.1), bad('truncated-json', 0.02)],
      ...[bad('wrong-content-length', 0.02), bad('connection-reset', 0.02)],
    ]);
    const { pages, end } = await readAll(source);
    expect(end.incomplete).toBeUndefined();
    expect(end.complete).toBe(true);
    expect(keysRead(pages)).toEqual(served());
    expect(emulator.elsewhere().calls).toEqual([]);
  }, 180_000);
});
