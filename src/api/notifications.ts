/**
 * `/notify/<server>`: what a hospital's server calls when something changed there, by a classic rest-hook or by the R4
 * Subscriptions Backport. It is a hint and nothing more: nothing of the body is read, the server is asked itself
 * (SUB-08). So gaps, repetitions, absurd counters and forged contents change nothing; polling catches up on what never
 * came (HAPI-15).
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { type RequestHandler, Router } from 'express';
import { GatewayError } from '../fhir/error.ts';
import { describe } from './edge-context.ts';

export type NotificationParts = {
  /** Secrets by server id; a server without one notifies nothing. */
  secrets: ReadonlyMap<string, string>;
  /** Has the server asked soon; never waits. */
  hint: (server: string) => void;
};

/** The router to mount at `/notify`; it takes POST and PUT, with whatever path a payload adds to the endpoint. */
export function notificationRouter({ secrets, hint }: NotificationParts): Router {
  const notified: RequestHandler = (request, response) => {
    describe(response, 'notification');
    const server = String(request.params['server']);
    if (!isSecret(request.get('Authorization'), secrets.get(server))) throw unknownCaller();
    hint(server);
    response.status(200).set('Connection', 'close').end();
    request.resume(); // unread, as long as the time for a whole request lasts
  };
  const router = Router({ caseSensitive: true });
  for (const path of ['/:server', '/:server/*rest']) router.route(path).post(notified).put(notified);
  return router;
}

/** `Bearer <secret>`, compared in a time that tells nothing; without a configured secret never. */
function isSecret(given: string | undefined, secret: string | undefined): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given ?? ''), digest(`Bearer ${secret ?? ''}`)) && secret !== undefined;
}

/** The same for a server that is not configured and for a wrong secret. */
function unknownCaller(): GatewayError {
  return new GatewayError({
    category: 'unauthenticated',
    side: 'sender',
    message: 'Notification refusée : l’en-tête Authorization porte « Bearer » et le secret convenu.',
  });
}
