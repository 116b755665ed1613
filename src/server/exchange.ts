/** One HTTP request to a hospital's server through fhir-kit-client: bounded, never redirected, never retried. */
import { Client } from 'fhir-kit-client';
import type { ServerConfig } from '../config.ts';
import type { Clock } from '../clock.ts';
import type { Connections } from './connections.ts';
import { networkFailure } from './network-failure.ts';

export type HttpRequest = {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH';
  /** Absolute. Whoever calls has decided that the credentials in `headers` may go there. */
  url: string;
  headers: Record<string, string>;
  /** JSON value, or text sent as it is. */
  body?: unknown;
  /** Whether a lost answer may mean that something changed there. */
  effect: 'read' | 'write';
};

export type HttpAnswer = {
  status: number;
  headers: Headers;
  /** Parsed JSON; `{}` for an empty body; undefined when the body is not JSON (HTML, truncated). */
  body: unknown;
};

/** Sends one request and gives the answer whatever its status; throws a GatewayError when there was none. */
export type Exchange = (request: HttpRequest, timeLimitMs: number) => Promise<HttpAnswer>;

/** What fhir-kit-client throws for a status ≥ 300 or a body that is not JSON. It keeps headers and body: never log it. */
type AnswerError = { response: { status: number; data: unknown }; config: { headers: Headers } };

/** The exchange with one configured server, over its own pool of connections. */
export function createExchange(config: ServerConfig, connections: Connections, clock: Clock): Exchange {
  const client = new Client({
    baseUrl: config.base,
    requestOptions: { dispatcher: connections.dispatcher, redirect: 'manual' },
  });
  return async ({ method, url, headers, body, effect }, timeLimitMs) => {
    const limit = new AbortController();
    const answered = new AbortController();
    void clock.sleep(timeLimitMs, answered.signal).then(() => {
      if (!answered.signal.aborted) limit.abort();
    });
    try {
      const options = { signal: limit.signal, headers: { 'accept-encoding': 'identity', ...headers } };
      const result = await client.request(url, { method, options, body });
      const response = Client.httpFor(result).response;
      return { status: response?.status ?? 200, headers: response?.headers ?? new Headers(), body: result };
    } catch (error) {
      if (isAnswerError(error)) {
        const { status, data } = error.response;
        return {
          status,
          headers: error.config.headers,
          body: typeof data === 'string' && data !== '' ? undefined : data,
        };
      }
      throw networkFailure(config.id, error, { effect, timeLimit: limit.signal.aborted });
    } finally {
      answered.abort('answered'); // without a reason it makes an error, with its stack
    }
  };
}

function isAnswerError(error: unknown): error is AnswerError {
  return typeof error === 'object' && error !== null && 'response' in error && 'config' in error;
}
