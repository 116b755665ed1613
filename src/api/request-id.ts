/** `X-Request-Id`: one id from end to end (AUD-05), the sender's where it is harmless, ours otherwise. */
import type { RequestHandler } from 'express';
import type { Clock, Ids } from '../clock.ts';
import { openContext } from './edge-context.ts';

/** FHIR's own id characters: no blanks, quotes or line ends reach a log; too short for no use, too long for no column. */
const harmless = /^[A-Za-z0-9\-.]{1,64}$/;

/** Opens the request's context and returns its id to the sender. */
export function requestId(clock: Clock, ids: Ids): RequestHandler {
  return (request, response, next) => {
    const given = request.get('X-Request-Id');
    const id = given !== undefined && harmless.test(given) ? given : ids.uuid();
    openContext(response, id, clock.now());
    response.set('X-Request-Id', id);
    next();
  };
}
