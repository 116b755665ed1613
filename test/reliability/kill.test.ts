/** A sample of the rounds of kill.ts, against hospitals in this process; test/hapi-layer/kill.test.ts has real ones. */
import { describe, expect, it } from '@jest/globals';
import { isKept } from './verdict.ts';
import { playRounds } from './rounds.ts';

const limitMs = 300_000;

describe('a gateway killed at random moments, hospitals over memory', () => {
  it(
    'loses nothing and doubles nothing',
    async () => {
      const verdicts = await playRounds({
        ...{ hospitals: 'sandbox', ids: 'server', seed: 7, applies: 2, referrals: 3 },
      });
      expect(verdicts.filter((verdict) => !isKept(verdict))).toEqual([]);
      expect(verdicts).toHaveLength(2 + 3 + 1);
    },
    limitMs,
  );
});
