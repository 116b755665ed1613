/** One request from its arrival to its answer: key, quota, quirks, directory. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { PageParts } from '../search/pages.ts';
import { servedTypes } from '../population/types.ts';
import type { DirectoryTime } from '../time.ts';
import { type Address, addressOf, basePath, longestAddress, strayPath } from './address.ts';
import { type Answer, gatewayRefusal, outcomeOf, refusalOf } from './answer.ts';
import { bodyOf } from './body.ts';
import { answerFhir, type PageLimits } from './fhir.ts';
import { keyHeader } from './key.ts';
import type { Quota, QuotaRefusal } from './quota.ts';
import { quirkedAnswer, type Wait } from './request-quirks.ts';
import { type ByteQuirk, send } from './send.ts';
import type { Traffic } from './traffic.ts';

export type HandleParts = PageParts & {
  time: DirectoryTime;
  /** ms on the clock that quotas count on. */
  clock: () => number;
  keys: ReadonlySet<string>;
  quota: Quota;
  /** 429 says when to come back. */
  retryAfter: () => boolean;
  traffic: Traffic;
  limits: () => PageLimits;
  wait: Wait;
  /** Origin of this server, where the caller did not name one, and of the other host. */
  origin: () => string;
  elsewhere: () => string;
};

type Fhir = Extract<Address, { segments: string[] }>;

/** Attempts at one address remembered, so that each draws anew. */
const mostAddresses = 20_000;

export function createHandler(parts: HandleParts) {
  const { time, clock, quota, traffic, quirks } = parts;
  const attempts = new Map<string, number>();

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = 'GET', url = '/' } = request;
    traffic.arrived(clock());
    const answer = await answerTo(request, method, url);
    const quirk = answer.status === 200 && answer.rows !== undefined ? byteQuirk(method, url) : undefined;
    const struck = [...(answer.quirks ?? []), ...(quirk ? [quirk] : [])].join('+');
    traffic.answered({
      ...{ at: clock(), day: time.day(), method, path: url.slice(0, 500), status: answer.status },
      ...(struck ? { quirk: struck } : {}),
      ...(answer.rows === undefined ? {} : { rows: answer.rows }),
    });
    send(response, answer, time.now(), quirk);
  };

  async function answerTo(request: IncomingMessage, method: string, url: string): Promise<Answer> {
    const form = await bodyOf(request);
    const key = request.headers[keyHeader];
    if (typeof key !== 'string' || !parts.keys.has(key)) {
      traffic.refused('key');
      return gatewayRefusal(401, 'Unauthorized');
    }
    const at = clock();
    const refusal = quota.take(key, at);
    if (refusal) {
      traffic.refused('quota');
      return overQuota(refusal);
    }
    traffic.admitted(at);
    if (form === undefined) return outcomeOf(413, 'too-long', 'The body is too large');
    if (url.length > longestAddress) return gatewayRefusal(414, 'URI Too Long');
    const address = addressOf(url);
    if (address.area === 'unknown' || address.area === 'control')
      return gatewayRefusal(404, 'No context-path matches the request URI.');
    try {
      return await directoryAnswer(request, method, url, form, address);
    } catch (error) {
      return refusalOf(error);
    }
  }

  async function directoryAnswer(
    request: IncomingMessage,
    method: string,
    url: string,
    form: string,
    address: Fhir,
  ): Promise<Answer> {
    const { segments, query } = address;
    const asked = new URLSearchParams(segments[1] === '_search' ? `${query}&${form}` : query);
    const { answer, delayed } = await quirkedAnswer(
      quirks,
      {
        ...{ at: time.now(), type: typeOf(segments, asked), draw: drawOf(method, url, form), path: url },
        ...{ count: Number(asked.get('_count') ?? 0), ids: mostValues(asked), elsewhere: parts.elsewhere() },
      },
      parts.wait,
    );
    if (answer) return answer;
    if (address.area === 'stray' && segments[0] !== '_page') return gatewayRefusal(404, 'Not found');
    const origin = originOf(request) ?? parts.origin();
    const bases = {
      base: `${origin}${basePath}`,
      otherPath: `${origin}${strayPath}`,
      otherHost: `${parts.elsewhere()}${basePath}`,
    };
    const accept = request.headers.accept ?? '';
    const found = answerFhir(parts, parts.limits(), {
      method,
      segments,
      query,
      form,
      accept,
      now: time.now(),
      bases,
    });
    return delayed ? { ...found, quirks: [delayed, ...(found.quirks ?? [])] } : found;
  }

  /** What a page is about is in the search it belongs to. */
  function typeOf([first]: readonly string[], asked: URLSearchParams): string | undefined {
    if (first !== '_page') return servedTypes.find((type) => type === first);
    const place = parts.tokens.open(asked.get('id') ?? '');
    try {
      return place && parts.searches.get(place.search).ask.type;
    } catch {
      return undefined;
    }
  }

  /** Each attempt at an address draws anew; the same attempts draw the same. */
  function drawOf(method: string, url: string, form: string): string {
    const name = `${time.day()}|${method} ${url} ${form}`;
    const attempt = (attempts.get(name) ?? 0) + 1;
    attempts.delete(name);
    attempts.set(name, attempt);
    const [oldest] = attempts.keys();
    if (attempts.size > mostAddresses && oldest !== undefined) attempts.delete(oldest);
    return `${name}|${attempt}`;
  }

  function byteQuirk(method: string, url: string): ByteQuirk {
    const { segments, query } = addressOf(url) as Fhir;
    const target = {
      at: time.now(),
      type: typeOf(segments, new URLSearchParams(query)),
      draw: drawOf(`${method} bytes`, url, ''),
    };
    return byteQuirks.find((name) => quirks.strikes(name, target));
  }

  function overQuota({ limit, windowMs, freeAt }: QuotaRefusal): Answer {
    const seconds = Math.max(1, Math.ceil((freeAt - clock()) / 1000));
    return gatewayRefusal(429, `Rate limit exceeded: ${limit} requests in ${windowMs / 1000} s`, {
      'x-rate-limit-limit': String(limit),
      'x-rate-limit-remaining': '0',
      'x-rate-limit-reset': String(Math.ceil(freeAt)),
      ...(parts.retryAfter() ? { 'retry-after': String(seconds) } : {}),
    });
  }
}

const byteQuirks = ['truncated-json', 'wrong-content-length', 'connection-reset'] as const;

/** The most values that one parameter has. */
function mostValues(asked: URLSearchParams): number {
  return Math.max(0, ...[...asked.values()].map((value) => value.split(',').length));
}

/** The address that the caller used, so that links work through mapped ports. */
function originOf({ headers }: IncomingMessage): string | undefined {
  const { host } = headers;
  return host && /^[\w.:[\]-]{1,255}$/.test(host) ? `http://${host}` : undefined;
}
