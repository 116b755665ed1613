import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createCircuits } from '../../src/delivery/circuits.ts';
import { defaultPolicy, retryDelay } from '../../src/delivery/policy.ts';
import { GatewayError } from '../../src/fhir/error.ts';

const fraction = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('retryDelay', () => {
  it('stays within the growing bound and the cap', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fraction, (attempts, random) => {
        const delay = retryDelay(defaultPolicy, attempts, random, undefined);
        expect(delay).toBeGreaterThanOrEqual(0);
        expect(delay).toBeLessThanOrEqual(Math.min(defaultPolicy.capMs, 1_000 * 2 ** (attempts - 1)));
      }),
    );
  });

  it('is never shorter than what the server asked for, within reason (P-35)', () => {
    expect(retryDelay(defaultPolicy, 1, 0, 120_000)).toBe(120_000);
    expect(retryDelay(defaultPolicy, 1, 0, 10 ** 12)).toBe(defaultPolicy.retryAfterCapMs);
  });
});

describe('circuits', () => {
  const failure = (retryAfterMs?: number): GatewayError =>
    new GatewayError({
      ...{ category: 'unavailable', side: 'server', message: 'Serveur « a » : injoignable.' },
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    });

  it('leave a server open until it failed several times in a row', () => {
    const circuits = createCircuits(defaultPolicy);
    expect([1, 2].map(() => circuits.failed('a', failure(), 0))).toEqual([false, false]);
    expect(circuits.slots('a', 4, 0)).toBe(4);
    expect(circuits.failed('a', failure(), 0)).toBe(true);
    expect(circuits.slots('a', 4, 29_999)).toBe(0);
    expect(circuits.slots('b', 4, 29_999)).toBe(4);
  });

  it('give a dead server one probe each half minute, and everything once it answers', () => {
    const circuits = createCircuits(defaultPolicy);
    for (let i = 0; i < 3; i += 1) circuits.failed('a', failure(), 0);
    expect(circuits.slots('a', 0, 30_000)).toBe(0); // no place for a probe does not use it up
    expect(circuits.slots('a', 4, 30_000)).toBe(1);
    expect(circuits.slots('a', 4, 30_001)).toBe(0);
    expect(circuits.down()).toMatchObject([{ serverId: 'a', reason: { side: 'server' } }]);
    expect(circuits.answered('a')).toBe(true);
    expect(circuits.answered('a')).toBe(false);
    expect(circuits.slots('a', 4, 30_002)).toBe(4);
  });

  it('leave a server alone at once when it says for how long', () => {
    const circuits = createCircuits(defaultPolicy);
    expect(circuits.failed('a', failure(120_000), 0)).toBe(true);
    expect(circuits.slots('a', 4, 119_999)).toBe(0);
    expect(circuits.slots('a', 4, 120_000)).toBe(1);
  });
});
