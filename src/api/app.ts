/** The HTTP edge: `/fhir`, `/admin/v1`, `/auth/token`, health and metrics over what it is given. */
import express, { type Express, type RequestHandler } from 'express';
import type { Clock, Ids } from '../clock.ts';
import type { Config } from '../config.ts';
import type { Log } from '../log.ts';
import type { Operations } from '../operations.ts';
import type { Store } from '../store/store.ts';
import { adminFailure } from './admin/problem.ts';
import { adminRouter } from './admin/router.ts';
import { createAccessTokens } from './auth/access-tokens.ts';
import { createAuthenticate } from './auth/authenticate.ts';
import { readClientKeys } from './auth/client-keys.ts';
import { tokenPath } from './auth/discovery.ts';
import { tokenEndpoint } from './auth/token-endpoint.ts';
import { edgeOf } from './edge-context.ts';
import { malformed } from './body/refusals.ts';
import { takeTurns } from './body/turns.ts';
import { fewAtOnce } from './few-at-once.ts';
import { createCursors } from './fhir/cursor.ts';
import { fhirFailure } from './fhir/failure.ts';
import { fhirRouter } from './fhir/router.ts';
import { unknownPath } from './fhir/route.ts';
import { healthRouter } from './health.ts';
import { limitInFlight } from './in-flight.ts';
import { type NotificationParts, notificationRouter } from './notifications.ts';
import { createMetrics } from './metrics.ts';
import { observe } from './observe.ts';
import { createRecorder } from './recorder.ts';
import { requestId } from './request-id.ts';
import { servedTable } from './table.ts';
import { recordTokens } from './token-record.ts';
import type { Exchange, Readiness, Validate } from './types.ts';

export type ApiParts = {
  config: Pick<Config, 'tenant' | 'clients' | 'limits'>;
  store: Store;
  operations: Operations;
  exchange: Exchange;
  validate: Validate;
  log: Log;
  clock: Clock;
  ids: Ids;
  readiness: Readiness;
  /** Public base without trailing slash (`https://gateway.example`); asked for at each request. */
  base: () => string;
  /** Secret of the deployment, the same for every gateway over one database; keys are derived from it. */
  secret: string;
  /** Absent: no server may notify. */
  notifications?: NotificationParts;
  /** Bearer token of the folder's owner file; absent: the command line cannot ask over HTTP. */
  ownerToken?: string;
  /** Version of the program, for the CapabilityStatement. */
  version: string;
  /** Requests answered at the same time; beyond: 503. */
  maxInFlight?: number;
};

const usualInFlight = 100;

/** Fewer than connections to the database, so that handing over always has some. */
const referralsAtOnce = 4;
const referralWaitMs = 20_000;

/** The express application. Throws `invalid` when a client's registered keys cannot be used. */
export function createApi(parts: ApiParts): Express {
  const { config, store, log, clock, ids, base } = parts;
  const fhirBase = (): string => `${base()}/fhir`;
  const recorder = createRecorder(store.audit, clock, log, config.tenant);
  const metrics = createMetrics(store.backlog, clock);
  const tokens = createAccessTokens(parts.secret, clock, ids);
  const authenticate = authentication(parts, tokens);
  const keys = readClientKeys(config.clients);

  const app = express();
  app.disable('x-powered-by').disable('etag').disable('query parser');
  app.enable('case sensitive routing');
  app.use(requestId(clock, ids));
  app.use((_request, response, next) => {
    response.set({ 'X-Content-Type-Options': 'nosniff', 'Cache-Control': 'no-store' });
    next();
  });
  app.use('/health', healthRouter(parts.readiness));
  app.get('/metrics', metrics.endpoint);
  app.use(observe(log, metrics, clock));
  app.use((request, _response, next) => {
    // No name, id or value holds NUL, and no column could.
    if (/%00/.test(request.originalUrl)) throw malformed('Adresse refusée : caractère NUL.');
    next();
  });
  app.use(limitInFlight(parts.maxInFlight ?? usualInFlight));
  if (parts.notifications) app.use('/notify', notificationRouter(parts.notifications));
  app.post(
    tokenPath,
    tokenEndpoint({
      clients: config.clients,
      tokens,
      assertions: () => ({ keys, tokenUrl: `${base()}${tokenPath}`, clock, seen: store.assertions }),
      record: recordTokens(recorder),
    }),
  );
  app.use(
    '/fhir',
    fhirRouter({
      edge: {
        table: servedTable(new Set(Object.keys(parts.exchange.update))),
        store,
        exchange: parts.exchange,
        validate: parts.validate,
        limits: config.limits,
        inTurn: fewAtOnce(referralsAtOnce, referralWaitMs),
        cursors: createCursors(parts.secret),
        now: () => new Date(clock.now()),
        fhirBase,
      },
      recorder,
      authenticate,
      takeTurns: takeTurns(config.limits.bodyBytes),
      version: parts.version,
      since: new Date(clock.now()),
      base,
    }),
  );
  app.use('/admin/v1', adminRouter({ config, store, operations: parts.operations, recorder, authenticate }));
  app.use('/admin/v1', adminFailure(recorder, log));
  app.use(unknownPath);
  app.use(fhirFailure(recorder, log));
  return app;
}

function authentication(
  { config, ownerToken }: ApiParts,
  tokens: ReturnType<typeof createAccessTokens>,
): RequestHandler {
  const authenticate = createAuthenticate({
    clients: config.clients,
    tokens,
    owner: { tenant: config.tenant, token: ownerToken },
  });
  return async (request, response, next) => {
    edgeOf(response).caller = await authenticate(request.get('Authorization'));
    next();
  };
}
