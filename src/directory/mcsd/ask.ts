/** One page of an mCSD server, asked for until it answers or nothing suggests that it will. */
import { createHash } from 'node:crypto';
import { GatewayError, isGatewayError } from '../../fhir/error.ts';
import { isObject } from '../api/json.ts';
import type { Tally } from '../types.ts';
import type { McsdSettings } from './options.ts';

export type Asking = { settings: McsdSettings; tally: Required<Tally>; signal: AbortSignal };

export type Bundle = {
  entries: Record<string, unknown>[];
  total?: number;
  next?: string;
  digest: string;
  /** The server's own time (MCSD-15), ms. */
  date?: number;
};

const mostAttempts = 6;
/** Full jitter below 1 s, 2 s, … at most 30 s, on top of the caller's own few retries. */
const backoff = { firstMs: 1000, mostMs: 30_000 };

/** `path` is below the base, or a link as the server gave it. Throws GatewayError, side `directory`. */
export async function askBundle(path: string, asking: Asking): Promise<Bundle> {
  const { body, headers } = await askJson(path, asking);
  if (body['resourceType'] !== 'Bundle') throw wrong(asking.settings.id, 'sa réponse n’est pas un Bundle');
  const digest = createHash('sha256').update(JSON.stringify(body)).digest('hex');
  const entries = Array.isArray(body['entry']) ? (body['entry'] as unknown[]).filter(isObject) : [];
  const { total, meta } = body;
  const link = [body['link']].flat().find((one) => isObject(one) && one['relation'] === 'next');
  const next =
    isObject(link) && typeof link['url'] === 'string' && link['url'] !== '' ? link['url'] : undefined;
  const told =
    isObject(meta) && typeof meta['lastUpdated'] === 'string' ? meta['lastUpdated'] : headers.get('date');
  const date = Date.parse(told ?? '');
  return {
    ...{ entries, digest },
    ...(typeof total === 'number' ? { total } : {}),
    ...(next === undefined ? {} : { next }),
    ...(Number.isNaN(date) ? {} : { date }),
  };
}

/** Any JSON answer; the errors of the caller, with the directory as their side. */
export async function askJson(
  path: string,
  { settings, tally, signal }: Asking,
): Promise<{ body: Record<string, unknown>; headers: Headers }> {
  for (let attempt = 1; ; attempt += 1) {
    signal.throwIfAborted();
    tally.requests += 1;
    try {
      return await unlessAborted(settings.call({ method: 'GET', path, effect: 'read' }), signal);
    } catch (error) {
      if (!isGatewayError(error)) throw error;
      if (!error.retryable || attempt >= mostAttempts) throw asDirectory(error, settings.id);
      const jitter = settings.ids.fraction() * Math.min(backoff.firstMs * 2 ** (attempt - 1), backoff.mostMs);
      const wait = Math.max(jitter, error.retryAfterMs ?? 0);
      settings.log.info('directory.retry', {
        server: settings.id,
        attempt,
        category: error.category,
        ms: Math.round(wait),
      });
      tally.retries += 1;
      tally.waitedMs += Math.round(wait);
      await settings.clock.sleep(wait, signal);
    }
  }
}

/** The caller knows no signal: an abort does not wait for its answer. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const over = new AbortController();
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), {
      once: true,
      signal: over.signal,
    });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    over.abort();
    work.catch(() => undefined);
  }
}

function asDirectory(error: GatewayError, id: string): GatewayError {
  const { category, retryable, retryAfterMs, message, issues } = error;
  return new GatewayError({
    ...{ category, retryable, issues, cause: error, side: 'directory' },
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    message: message.replace(/^Serveur « [^»]* » : /, `Annuaire « ${id} » : `),
  });
}

export function wrong(id: string, what: string): GatewayError {
  return new GatewayError({
    ...{ category: 'invalid', side: 'directory', retryable: false },
    message: `Annuaire « ${id} » : ${what} ; à corriger par celui qui le tient.`,
  });
}
