/** Whole stories between two real HAPI servers over ways that fail; the runs are those of test/reliability/faults.ts. */
import { describe, expect, it } from '@jest/globals';
import { playFaultRuns } from '../reliability/faults/fault-runs.ts';
import { isRunKept, runLine, sumOf } from '../reliability/faults/run-verdict.ts';
import { storyTable } from '../reliability/faults/story/story-table.ts';

/** `npm run test:long` plays the full count. */
const long = process.env['PASSERELLE_LONG'] === '1';
const stories = long
  ? Object.keys(storyTable)
  : ['coreso', 'rcp', 'tele-expertise', 'discharge', 'handed-over', 'several'];
const runs = long ? 300 : stories.length;
const limitMs = (long ? 180 : 10) * 60_000;

describe('whole stories over ways that fail, gateway and database killed, against HAPI', () => {
  it(
    'lose nothing, double nothing, set nothing back and do not get stuck',
    async () => {
      const verdicts = await playFaultRuns({ hospitals: 'hapi', seed: 40, runs, stories });
      expect(verdicts.filter((verdict) => !isRunKept(verdict)).map(runLine)).toEqual([]);
      expect(verdicts).toHaveLength(runs + 1);
      const played = new Set(verdicts.slice(0, runs).map(({ plan }) => plan.story));
      expect(played).toEqual(new Set(stories));
      const { faults, kills } = sumOf(verdicts);
      expect(faults).toBeGreaterThan(runs);
      expect(kills).toBeGreaterThan(runs / 4);
    },
    limitMs,
  );
});
