/**
 * A call to a hospital's server: credentials, time limits, and for reads a few retries within the total time limit.
 * Writes are never retried here: delivery reads back first (identity.md, Writing).
 */
import type { Clock, Ids } from '../clock.ts';
import type { ServerConfig } from '../config.ts';
import { GatewayError, isGatewayError } from '../fhir/error.ts';
import type { Log } from '../log.ts';
import { answerFailure } from './answer-failure.ts';
import type { Credentials } from './credentials.ts';
import type { Exchange, HttpAnswer, HttpRequest } from './exchange.ts';
import { belongsTo } from './service-address.ts';
import { isTame } from './tame-json.ts';

export type Call = {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH';
  /** Below the base (`Patient/1`), empty for the base itself, or an absolute address (a next link). */
  path: string;
  body?: unknown;
  headers?: Record<string, string>;
  effect: 'read' | 'write';
};

/** A successful answer (2xx) holding a JSON object. */
export type Success = { status: number; headers: Headers; body: Record<string, unknown> };

export type Caller = (call: Call) => Promise<Success>;

const mostAttempts = 3;
/** Full jitter: a fraction of 250 ms, 500 ms, … */
const firstBackoffMs = 250;

export type CallerParts = {
  exchange: Exchange;
  credentials: Credentials;
  clock: Clock;
  ids: Ids;
  log: Log;
};

/** The way to call one configured server. */
export function createCaller(
  config: ServerConfig,
  { exchange, credentials, clock, ids, log }: CallerParts,
): Caller {
  return async (call) => {
    const deadline = clock.now() + config.timeouts.totalMs;
    const request = requestOf(config, call);
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await authenticated(request, deadline);
      } catch (error) {
        const backoff = ids.fraction() * firstBackoffMs * 2 ** (attempt - 1);
        const wait = isGatewayError(error)
          ? Math.max(backoff, error.retryAfterMs ?? 0)
          : Number.POSITIVE_INFINITY;
        const mayRepeat = call.effect === 'read' && isGatewayError(error) && error.retryable;
        if (!mayRepeat || attempt >= mostAttempts || clock.now() + wait >= deadline) throw error;
        log.info('server.retry', {
          server: config.id,
          attempt,
          category: error.category,
          ms: Math.round(wait),
        });
        await clock.sleep(wait);
      }
    }
  };

  /** A refused token is dropped once and the request repeated once (SBS-05): a 401 means that nothing was done. */
  async function authenticated(request: HttpRequest, deadline: number): Promise<Success> {
    const header = await credentials.header();
    const answer = await send(request, header, deadline);
    if (answer.status !== 401 || !credentials.drop(header)) return success(request, answer);
    return success(request, await send(request, await credentials.header(), deadline));
  }

  async function send(
    request: HttpRequest,
    header: string | undefined,
    deadline: number,
  ): Promise<HttpAnswer> {
    const headers = { ...request.headers, ...(header ? { authorization: header } : {}) };
    return exchange({ ...request, headers }, Math.max(1, deadline - clock.now()));
  }

  function success({ effect }: HttpRequest, answer: HttpAnswer): Success {
    if (answer.status >= 300) throw answerFailure(config.id, answer, effect, clock.now());
    const { status, headers, body } = answer;
    if (typeof body === 'object' && body !== null && !Array.isArray(body) && isTame(body)) {
      return { status, headers, body: body as Record<string, unknown> };
    }
    throw unreadable(
      config.id,
      effect,
      'la réponse est illisible (page web d’un intermédiaire, texte tronqué ou JSON dangereux)',
    );
  }
}

/** The error for a 2xx that says nothing usable: after a write, only reading back can tell. */
export function unreadable(server: string, effect: 'read' | 'write', what: string): GatewayError {
  return new GatewayError({
    category: effect === 'write' ? 'unknown-outcome' : 'unavailable',
    side: 'server',
    message: `Serveur « ${server} » : ${what}.`,
  });
}

function requestOf({ id, base }: ServerConfig, call: Call): HttpRequest {
  const url = call.path === '' ? base : /^https?:/i.test(call.path) ? call.path : `${base}/${call.path}`;
  if (!belongsTo(base, url)) {
    throw new GatewayError({
      category: 'invalid',
      side: 'server',
      retryable: false,
      message: `Serveur « ${id} » : il renvoie à une adresse hors de « base », que la passerelle ne suit pas.`,
    });
  }
  const headers = {
    accept: 'application/fhir+json',
    ...(call.effect === 'read' ? { 'cache-control': 'no-cache' } : {}),
    ...(call.body === undefined ? {} : { 'content-type': 'application/fhir+json' }),
    ...call.headers,
  };
  return { method: call.method, url, headers, body: call.body, effect: call.effect };
}
