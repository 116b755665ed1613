/**
 * Large bodies take turns (P-29): a document of 20 MiB takes some 100 MiB while it is read and judged, so fifty at once would take
 * all there is. Who waits is not read from: its bytes stay with the sender, and small requests pass by.
 */
import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';
import { GatewayError } from '../../fhir/error.ts';
import { maxGzipRatio } from './bytes.ts';

/** Referrals and their like, which never wait. */
const smallBytes = 1024 * 1024;

/** Below the time for a whole request (`listen.ts`), so that who gets no turn is told when to come back. */
export const usualWaitMs = 50_000;

type Waiting = { weight: number; go: () => void };

/**
 * Lets bodies of `bodyBytes` at most in while those that are in weigh no more than `room`, first come first served. A body that
 * had no turn in `waitMs` is refused as `unavailable` (503, Retry-After).
 */
export function takeTurns(bodyBytes: number, room = bodyBytes, waitMs = usualWaitMs): RequestHandler {
  const waiting: Waiting[] = [];
  let inside = 0;
  const admit = (): void => {
    while (waiting[0] && (inside === 0 || inside + waiting[0].weight <= room)) {
      const { weight, go } = waiting.shift()!;
      inside += weight;
      go();
    }
  };
  return (request, response, next) => {
    const weight = Math.min(weightOf(request, bodyBytes), bodyBytes);
    if (weight <= smallBytes) return next();
    let entered = false;
    const turn: Waiting = {
      weight,
      go: () => {
        clearTimeout(late);
        entered = true;
        next();
      },
    };
    const late = setTimeout(() => {
      waiting.splice(waiting.indexOf(turn), 1);
      next(tooLate());
    }, waitMs).unref();
    response.once('close', () => {
      clearTimeout(late);
      if (entered) inside -= weight;
      else if (waiting.includes(turn)) waiting.splice(waiting.indexOf(turn), 1);
      admit();
    });
    waiting.push(turn);
    admit();
  };
}

/** Bytes that a body will be at most, by what its headers say; none for a request without a body. */
function weightOf({ headers }: IncomingMessage, unknown: number): number {
  const length = headers['content-length'];
  if (length === undefined) return headers['transfer-encoding'] === undefined ? 0 : unknown;
  return Number(length) * (headers['content-encoding'] === undefined ? 1 : maxGzipRatio);
}

function tooLate(): GatewayError {
  return new GatewayError({
    category: 'unavailable',
    side: 'gateway',
    message: 'Passerelle occupée : trop de documents volumineux à la fois.',
    retryAfterMs: 5_000,
  });
}
