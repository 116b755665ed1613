import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createQuota } from '../../../src/sandbox/annuaire/http/quota.ts';
import { createTraffic } from '../../../src/sandbox/annuaire/http/traffic.ts';
import { emulate } from './emulate.ts';

/** Most instants in any window of that length that begins with one of them. */
const busiest = (instants: readonly number[], lengthMs: number): number =>
  Math.max(0, ...instants.map((from) => instants.filter((at) => at >= from && at < from + lengthMs).length));

const calls = fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 200 }).map((gaps) => {
  let at = 0;
  return gaps.map((gap) => (at += gap));
});

describe('the quota of a key', () => {
  it('never lets more through in any second or minute, and refuses nobody who keeps it', () => {
    fc.assert(
      fc.property(calls, (instants) => {
        const quota = createQuota({ perSecond: 5, perMinute: 60 });
        const admitted: number[] = [];
        for (const at of instants) {
          const wouldBe = [...admitted, at];
          const keeps = busiest(wouldBe, 1000) <= 5 && busiest(wouldBe, 60_000) <= 60;
          const refusal = quota.take('a', at);
          expect(refusal === undefined).toBe(keeps);
          if (refusal) expect(refusal.freeAt).toBeGreaterThan(at);
          else admitted.push(at);
        }
      }),
    );
  });

  it('says when the next call passes, and that call passes', () => {
    const quota = createQuota({ perSecond: 2 });
    quota.take('a', 0);
    quota.take('a', 300);
    const refusal = quota.take('a', 500);
    expect(refusal).toEqual({ limit: 2, windowMs: 1000, freeAt: 1000 });
    expect(quota.take('a', 999)).toBeDefined();
    expect(quota.take('a', 1000)).toBeUndefined();
  });

  it('is counted for each key by itself, and told', () => {
    const quota = createQuota({ perSecond: 1, perMinute: 10 });
    quota.take('a', 0);
    expect(quota.take('b', 0)).toBeUndefined();
    expect(quota.left('a', 0)).toEqual({ perSecond: 0, perMinute: 9 });
    expect(quota.left('a', 1000)).toEqual({ perSecond: 1, perMinute: 9 });
    quota.setLimits({});
    expect(quota.take('a', 0)).toBeUndefined();
    expect(quota.left('a', 0)).toEqual({});
  });
});

describe('traffic', () => {
  it('tells the busiest second and minute as a count of all instants would', () => {
    fc.assert(
      fc.property(calls, (instants) => {
        const traffic = createTraffic();
        for (const at of instants) traffic.arrived(at);
        expect(traffic.report().peak).toEqual({
          perSecond: busiest(instants, 1000),
          perMinute: busiest(instants, 60_000),
        });
      }),
    );
  });
});

describe('quotas over HTTP', () => {
  it('answers 429 as the gateway does and counts in the time it is given (P-9, P-35)', async () => {
    const emulated = await emulate({
      scenario: { quotas: { perSecond: 17, perMinute: 20, retryAfter: true } },
    });
    try {
      const statuses = async (count: number): Promise<number[]> => {
        const found: number[] = [];
        for (let n = 0; n < count; n += 1) found.push((await emulated.get('/metadata')).status);
        return found;
      };
      expect(await statuses(18)).toEqual([...Array<number>(17).fill(200), 429]);
      const refused = await emulated.get('/metadata');
      expect(refused.body).toMatchObject({ http_status_code: 429 });
      expect(refused.headers.get('retry-after')).toBe('1');
      emulated.clock.at += 1000;
      expect(await statuses(4)).toEqual([200, 200, 200, 429]); // the minute's limit of 20
      emulated.clock.at += 59_000;
      expect(await statuses(1)).toEqual([200]);
      const { peak, peakAdmitted, requests, admitted, refused: counted } = emulated.emulator.traffic();
      expect({ requests, admitted, quota: counted.quota }).toEqual({ requests: 24, admitted: 21, quota: 3 });
      expect(peakAdmitted).toEqual({ perSecond: 17, perMinute: 20 });
      expect(peak.perSecond).toBe(19);
    } finally {
      await emulated.emulator.stop();
    }
  });
});
