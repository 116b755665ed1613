/** Circuit breaker of an API (P-9): when nothing answers any more, everybody waits and one request tries. */
import type { Clock } from '../../clock.ts';

export type Storm = {
  /** Waits while there is a storm; answers how long, ms. Rejects with the signal's reason. */
  shelter(signal: AbortSignal): Promise<number>;
  /** Something answered: the storm is over. */
  answered(): void;
  failed(): void;
  /**
   * It is there, and answers nothing of use (429): no storm, and silence all the same. True when that was not so a moment ago.
   */
  throttled(): boolean;
  /** What was asked came to nothing that tells: another may try. */
  undecided(): void;
  /** Milliseconds of silence: since the first failure or refusal after something last answered. */
  lastedMs(): number;
  rages(): boolean;
};

/** Failures in a row, over all requests, that make a storm: at 25 % of 502 one chance in 10⁹. */
const failuresToStorm = 15;
const waitMs = { first: 5000, most: 300_000 };
/** Refusals that follow each other within this time are one state of things. */
const calmMs = 900_000;

/** `tell` hears of each wait before it begins. */
export function createStorm(clock: Clock, tell: (wait: { ms: number; failures: number }) => void): Storm {
  let failures = 0;
  let began: number | undefined;
  let wait = waitMs.first;
  let closedUntil = -Infinity;
  let probing = false;
  let refusedAt = -Infinity;

  return {
    async shelter(signal) {
      const entered = clock.now();
      while (failures >= failuresToStorm && (probing || clock.now() < closedUntil)) {
        signal.throwIfAborted();
        await clock.sleep(Math.max(50, Math.min(closedUntil - clock.now(), waitMs.most)), signal);
      }
      signal.throwIfAborted();
      if (failures >= failuresToStorm) probing = true;
      return clock.now() - entered;
    },
    answered() {
      failures = 0;
      probing = false;
      began = undefined;
      wait = waitMs.first;
    },
    failed() {
      failures += 1;
      began ??= clock.now();
      if (failures < failuresToStorm) return;
      probing = false;
      if (clock.now() < closedUntil) return; // requests that were under way when it began
      closedUntil = clock.now() + wait;
      tell({ ms: wait, failures });
      wait = Math.min(wait * 2, waitMs.most);
    },
    throttled() {
      failures = 0;
      probing = false;
      began ??= clock.now();
      wait = waitMs.first;
      const isNew = clock.now() - refusedAt > calmMs;
      refusedAt = clock.now();
      return isNew;
    },
    undecided() {
      probing = false;
    },
    lastedMs: () => (began === undefined ? 0 : clock.now() - began),
    rages: () => failures >= failuresToStorm,
  };
}
