import { describe, expect, it } from '@jest/globals';
import { openWorld } from '../delivery/world.ts';
import { kindsOfTheProject, today } from '../network/project.ts';
import { publishParts } from '../publish/networks.ts';
import { generateNetworks } from './networks.ts';
import { type Fault, knowledgeOfTheProject, playBatch } from './path.ts';
import { kindNames } from './schemas.ts';

/** `npm run test:long` plays the full count. */
const long = process.env['PASSERELLE_LONG'] === '1';
const count = Number(process.env['PASSERELLE_GENERATED'] ?? (long ? 10_000 : 32));
const seed = Number(process.env['PASSERELLE_SEED'] ?? 20261125);
/** Networks of one tenant, published together; every tenth batch meets new hospitals. */
const batchSize = 100;
const limitMs = (long ? 180 : 3) * 60_000;

describe('networks made by chance from the schemas of all kinds', () => {
  it('come out the same for the same seed, of every kind, and different for another', async () => {
    const kinds = await kindsOfTheProject();
    const draw = (from: number): unknown =>
      generateNetworks({ kinds, at: today, seed: from, count: 8 }).networks;
    expect(draw(1)).toEqual(draw(1));
    expect(draw(2)).not.toEqual(draw(1));
    const { networks, refused } = generateNetworks({ kinds, at: today, seed, count: 40 });
    expect(new Set(networks.map(({ kind }) => kind))).toEqual(new Set(kindNames));
    expect(refused).toBeLessThan(10);
  });

  it(
    'are valid, publish once, leave nothing to do, and are read back as they were',
    async () => {
      const knowledge = knowledgeOfTheProject();
      const kinds = await kindsOfTheProject();
      const faults: Fault[] = [];
      let [networks, resources, refused] = [0, 0, 0];
      for (let batch = 0; batch * batchSize < count;) {
        const world = await openWorld({ servers: [{ id: 'a' }] });
        try {
          const parts = publishParts(world);
          for (let i = 0; i < 10 && batch * batchSize < count; i += 1, batch += 1) {
            const wanted = Math.min(batchSize, count - batch * batchSize);
            const made = generateNetworks({ kinds, at: today, seed: seed + batch, count: wanted });
            const outcome = await playBatch(parts, `lot-${batch}`, made.networks, { knowledge, at: today });
            networks += outcome.networks;
            resources += outcome.resources;
            refused += made.refused;
            faults.push(...outcome.faults);
            if (long)
              console.error(
                `${networks} networks, ${resources} resources, ${faults.length} faults`,
                outcome.faults.slice(0, 5),
              );
          }
        } finally {
          await world.close();
        }
      }
      expect({ faults: faults.slice(0, 20), of: faults.length }).toEqual({ faults: [], of: 0 });
      expect(networks).toBe(count);
      console.error(
        `seed ${seed}: ${networks} generated networks, ${resources} resources, ${refused} draws thrown away, no fault`,
      );
    },
    limitMs,
  );
});
