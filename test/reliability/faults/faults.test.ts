/** A sample of the runs of test/reliability/faults.ts, against hospitals in memory; test/hapi-layer/faults.test.ts has real ones. */
import { describe, expect, it } from '@jest/globals';
import { playFaultRuns } from './fault-runs.ts';
import { isRunKept, runLine } from './run-verdict.ts';

/** `npm run test:long` plays the full count. */
const long = process.env['PASSERELLE_LONG'] === '1';
const limitMs = (long ? 120 : 10) * 60_000;

describe('whole stories over ways that fail, gateway and database killed, hospitals over memory', () => {
  it.each([
    { ids: 'client', seed: 9, sample: 5 },
    { ids: 'server', seed: 14, sample: 4 }, // the stories that the first five were not
  ] as const)(
    'lose nothing, double nothing, set nothing back and do not get stuck (ids chosen by the $ids)',
    async ({ ids, seed, sample }) => {
      const runs = long ? 150 : sample;
      const verdicts = await playFaultRuns({ hospitals: 'sandbox', seed, runs, ids });
      expect(verdicts.filter((verdict) => !isRunKept(verdict)).map(runLine)).toEqual([]);
      expect(verdicts).toHaveLength(runs + 1);
    },
    limitMs,
  );
});
