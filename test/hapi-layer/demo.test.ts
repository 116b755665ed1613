/** The demonstration against two real HAPI servers, by the command that the README gives. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Summary } from '../../src/demo/summary.ts';
import { exampleNetworks, passerelle, workFolder } from '../e2e/passerelle.ts';
import { ensureBuilt } from '../hapi/build.ts';

const minutes = 60_000;

let place: Awaited<ReturnType<typeof workFolder>>;
beforeAll(async () => {
  await ensureBuilt(() => undefined);
  place = await workFolder();
}, 10 * minutes);
afterAll(() => place.remove());

it.each([
  { seed: 1, how: 'changed' },
  { seed: 6, how: 'deleted' },
])(
  'demo --once --hapi tells the same story, one resource $how',
  async ({ seed, how }) => {
    const ran = await passerelle(['demo', '--once', '--hapi', '--json', '--seed', String(seed)], {
      cwd: place.folder,
    });
    expect({ code: ran.code, stderr: ran.stderr }).toEqual({ code: 0, stderr: '' });
    const summary = JSON.parse(ran.stdout.trim().split('\n').at(-1)!) as Summary;
    expect(summary).toMatchObject({
      networks: exampleNetworks,
      secondPlanChanges: 0,
      referral: { status: 'completed' },
      synthesis: { deliveries: 2 },
      drift: { found: 1, repaired: 1, afterRepair: 0 },
      tampered: { seed, how },
    });
    expect(summary.applied).toBe(2 * summary.resources);
  },
  4 * minutes,
);
