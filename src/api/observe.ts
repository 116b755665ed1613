/** One log line and one count for each answered request: fixed words, ids and numbers only. */
import type { RequestHandler } from 'express';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { edgeOf } from './edge-context.ts';
import type { Metrics } from './metrics.ts';

/** Status counted for a request whose sender left before the answer. */
const senderLeft = 499;

/** Watches the end of each response. */
export function observe(log: Log, metrics: Metrics, clock: Clock): RequestHandler {
  return (request, response, next) => {
    response.once('close', () => {
      const { requestId, startedAt, caller, action } = edgeOf(response);
      const status = response.writableFinished ? response.statusCode : senderLeft;
      const ms = clock.now() - startedAt;
      metrics.answered(action, status, ms / 1000);
      log.info('api.answered', {
        request: requestId,
        client: caller?.client,
        method: request.method,
        route: action,
        status,
        ms,
      });
    });
    next();
  };
}
