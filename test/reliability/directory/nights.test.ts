/** A month of it here, a year under `npm run test:long`; alone: `node test/reliability/directory/year.ts`. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { playNights } from './nights.ts';
import { everyQuirk } from './scenario.ts';

const long = process.env['PASSERELLE_LONG'] === '1';
const size = long ? { days: 365, roles: 100_000 } : { days: 30, roles: 300 };
const limitMs = long ? 4 * 3_600_000 : 600_000;
const file = 'examples/emulator/every-quirk.yaml';

describe('nights with a national directory in its worst moods (P-1 … P-10)', () => {
  it(
    `end each of ${size.days} days as an ideal reader would, whatever was killed, without one false closure`,
    async () => {
      const seed = 20260105;
      const scenario = everyQuirk(readFileSync(file, 'utf8'), file, { seed, ...size });
      const nights = await playNights({ scenario, seed, days: size.days, kills: 0.3 });
      expect(nights.filter(({ differences }) => differences.length > 0)).toEqual([]);
      expect(nights).toHaveLength(size.days);
      expect(nights.reduce((sum, { kills }) => sum + kills, 0)).toBeGreaterThan(size.days / 10);
    },
    limitMs,
  );
});
