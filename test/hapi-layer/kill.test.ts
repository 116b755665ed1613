/** Real gateways killed at random moments against two real HAPI servers; the rounds are those of test/reliability/kill.ts. */
import { describe, expect, it } from '@jest/globals';
import { playRounds } from '../reliability/rounds.ts';
import { isKept } from '../reliability/verdict.ts';

/** `npm run test:long` plays the full count. */
const long = process.env['PASSERELLE_LONG'] === '1';
const [applies, referrals] = long ? [100, 100] : [3, 5];
const limitMs = (long ? 60 : 10) * 60_000;

describe('kill -9 during apply and during a referral, against HAPI', () => {
  it(
    'loses nothing and doubles nothing',
    async () => {
      const verdicts = await playRounds({ hospitals: 'hapi', seed: 20, applies, referrals });
      expect(verdicts.filter((verdict) => !isKept(verdict))).toEqual([]);
      expect(verdicts).toHaveLength(applies + referrals + 1);
    },
    limitMs,
  );
});
