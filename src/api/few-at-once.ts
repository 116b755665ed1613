/**
 * Few referrals are judged and stored at once, the others wait in the order of coming: each takes a connection to the database and
 * a piece of the processor from what was accepted before and is to be handed over.
 */
import { GatewayError } from '../fhir/error.ts';

/** Does the work when its turn comes; `unavailable` (503, Retry-After) when it did not come in time. */
export type FewAtOnce = <T>(work: () => Promise<T>) => Promise<T>;

/** Turns for `most` at once; who waits longer than `waitMs` is refused. */
export function fewAtOnce(most: number, waitMs: number): FewAtOnce {
  const waiting: (() => void)[] = [];
  let underWay = 0;

  const turn = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const enter = (): void => {
        clearTimeout(late);
        resolve();
      };
      const late = setTimeout(() => {
        waiting.splice(waiting.indexOf(enter), 1);
        reject(tooLate());
      }, waitMs).unref();
      waiting.push(enter);
    });

  return async (work) => {
    if (underWay >= most) await turn();
    else underWay += 1;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next)
        next(); // its turn is handed on
      else underWay -= 1;
    }
  };
}

function tooLate(): GatewayError {
  return new GatewayError({
    category: 'unavailable',
    side: 'gateway',
    message: 'Passerelle occupée : trop de demandes à la fois.',
    retryAfterMs: 1_000,
  });
}
