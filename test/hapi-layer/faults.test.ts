/** Whole stories between two real HAPI servers over ways that fail; the runs are those of test/reliability/faults.ts. */
import { describe, expect, it } from '@jest/globals';
import { playFaultRuns } from '../reliability/faults/fault-runs.ts';
import { isRunKept, runLine } from '../reliability/faults/run-verdict.ts';

/** `npm run test:long` plays the full count. */
const long = process.env['PASSERELLE_LONG'] === '1';
const runs = long ? 30 : 3;
const limitMs = (long ? 60 : 10) * 60_000;

describe('whole stories over ways that fail, gateway and database killed, against HAPI', () => {
  it(
    'lose nothing, double nothing, set nothing back and do not get stuck',
    async () => {
      const verdicts = await playFaultRuns({ hospitals: 'hapi', seed: 40, runs });
      expect(verdicts.filter((verdict) => !isRunKept(verdict)).map(runLine)).toEqual([]);
      expect(verdicts).toHaveLength(runs + 1);
    },
    limitMs,
  );
});
