/** Twenty edits of network files and back again, on a real HAPI with ids of ours and with ids of its own. */
import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { openWorld, type World } from '../delivery/world.ts';
import { type Hapi, startHapi } from '../hapi/start.ts';
import { copyExamples, type Files } from '../publish/edits.ts';
import { editAndReturn } from '../publish/rollback-rounds.ts';

const minutes = 60_000;

describe.each(['client', 'server'] as const)('HAPI, ids given by the %s', (ids) => {
  let hapi: Hapi;
  let world: World;
  let files: Files;

  beforeAll(async () => {
    hapi = await startHapi();
    const timeouts = { connectMs: 2_000, answerMs: 20_000, totalMs: 30_000 };
    world = await openWorld({ servers: [{ id: 'a', ids, base: hapi.base, timeouts }] });
    files = await copyExamples(['cpts-digne', 'ess-endo', 'pathway']);
  }, 4 * minutes);

  afterAll(async () => {
    await world.close();
    await hapi.stop();
    await files.remove();
  });

  it(
    'gives back the active content of an earlier state; what the edits created is inactive',
    async () => editAndReturn(world, files, 20, Number(process.hrtime.bigint() % 1_000_000n)),
    5 * minutes,
  );
});
