/** Back-pressure (P-29): a request beyond the limit is refused at once and told when to come back. */
import type { RequestHandler } from 'express';
import { GatewayError } from '../fhir/error.ts';
import { busy, describe } from './edge-context.ts';

/** Refuses with `unavailable` (503, Retry-After) while `limit` requests are being answered. */
export function limitInFlight(limit: number): RequestHandler {
  let inFlight = 0;
  return (_request, response, next) => {
    if (inFlight >= limit) {
      describe(response, busy);
      throw new GatewayError({
        category: 'unavailable',
        side: 'gateway',
        message: 'Passerelle occupée : trop de requêtes à la fois.',
        retryAfterMs: 1000,
      });
    }
    inFlight += 1;
    response.once('close', () => (inFlight -= 1));
    next();
  };
}
