/** Networks nobody wrote, before the servers and validators of others: HAPI takes them, HAPI's and HL7's validators find no error. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { judge } from '../../scripts/golden/judge.ts';
import { resolveBundle } from '../../src/mapping/bundle.ts';
import { openWorld } from '../delivery/world.ts';
import { generateNetworks } from '../generated/networks.ts';
import { knowledgeOfTheProject, publishGenerated, readGenerated, roundTrip } from '../generated/path.ts';
import { type Hapi, startHapi } from '../hapi/start.ts';
import { kindsOfTheProject, today } from '../network/project.ts';
import { publishParts } from '../publish/networks.ts';

/** `npm run test:long` takes the full count. */
const long = process.env['PASSERELLE_LONG'] === '1';
const count = long ? 200 : 8;
const seed = Number(process.env['PASSERELLE_SEED'] ?? 200);
const knowledge = knowledgeOfTheProject();
const minutes = 60_000;

let generated: Awaited<ReturnType<typeof readGenerated>>;
beforeAll(async () => {
  const { networks } = generateNetworks({ kinds: await kindsOfTheProject(), at: today, seed, count });
  generated = await readGenerated(networks, knowledge, today);
}, minutes);

describe(`${count} generated networks`, () => {
  it('are read without a fault and round-trip', async () => {
    expect(generated.faults).toEqual([]);
    expect(await roundTrip(generated.read, knowledge, today)).toEqual([]);
  });

  it(
    'have no error for the HAPI and HL7 validators',
    () => {
      const folder = mkdtempSync(join(tmpdir(), 'passerelle-generated-'));
      try {
        const files = generated.read.map(({ network, resources }) => {
          const file = join(folder, `${network!.id}.ndjson`);
          const lines = resolveBundle(resources).entry.map(({ resource }) => JSON.stringify(resource));
          writeFileSync(file, `${lines.join('\n')}\n`);
          return file;
        });
        for (const { validator, resources, errors } of judge(files)) {
          expect({ validator, of: errors.length, errors: errors.slice(0, 10) }).toEqual({
            validator,
            of: 0,
            errors: [],
          });
          console.error(`${validator}: ${resources} resources of ${count} generated networks, no error`);
        }
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
    20 * minutes,
  );
});

describe('a real HAPI', () => {
  let hapi: Hapi;
  beforeAll(async () => {
    hapi = await startHapi();
  }, 4 * minutes);
  afterAll(async () => hapi.stop());

  it(
    `takes ${count} generated networks, and a second plan has nothing left to do`,
    async () => {
      const timeouts = { connectMs: 2_000, answerMs: 60_000, totalMs: 90_000 };
      const world = await openWorld({ servers: [{ id: 'a', base: hapi.base, timeouts }] });
      try {
        const parts = publishParts(world);
        for (let start = 0; start < count; start += 20) {
          const some = generated.read.slice(start, start + 20);
          expect(await publishGenerated(parts, `lot-${start}`, some)).toEqual([]);
        }
      } finally {
        await world.close();
      }
    },
    (long ? 30 : 5) * minutes,
  );
});
