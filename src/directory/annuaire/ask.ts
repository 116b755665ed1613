/**
 * One question to the API until it is answered: quota, deadline, retries with jitter, storms waited out. What is not a
 * Bundle of a search is never taken for one: HTML or an OperationOutcome with 200, another content type, cut JSON.
 */
import { createHash } from 'node:crypto';
import { GatewayError, isGatewayError } from '../../fhir/error.ts';
import type { Answer } from '../api/fetch.ts';
import { isObject, parseObject } from '../api/json.ts';
import { retryAfter } from '../api/retry-after.ts';
import type { Storm } from '../api/storm.ts';
import type { Tally } from '../types.ts';
import type { Flight } from './flight.ts';
import { isOurs } from './origin.ts';
import type { Settings } from './options.ts';

export type Bundle = Record<string, unknown> & { entry?: unknown; link?: unknown; total?: unknown };

export type Outcome =
  | { state: 'bundle'; bundle: Bundle; digest: string; date: number | undefined }
  /** The address is not served (any more), or answers with something that is no page. */
  | { state: 'dead'; why: string }
  /** It fails again and again while others are answered: too much is asked at once (P-7). */
  | { state: 'heavy' }
  /** 400: this search is not supported. */
  | { state: 'refused' };

export type Asking = {
  settings: Settings;
  storm: Storm;
  flight: Flight;
  tally: Required<Tally>;
  signal: AbortSignal;
};

const mostAttempts = { failing: 8, untried: 4, unreadable: 4, redirected: 3 };
/** Full jitter below 100 ms, 200 ms, … at most 2 s: other searches use the quota meanwhile. */
const backoff = { firstMs: 100, mostMs: 2000 };
/** Largest answer read, decompressed: 200 rows take 1 MB. */
export const mostBytes = 32 * 1024 * 1024;

/**
 * Throws GatewayError when going on makes no sense: key refused, redirected for good, silence for too long. `untried`: a page
 * of that size was never answered, so that nothing answering may be its fault.
 */
export async function ask(
  url: string,
  { settings, storm, flight, tally, signal }: Asking,
  untried = false,
): Promise<Outcome> {
  const { clock, ids, quota, id } = settings;
  const failed = { failing: 0, unreadable: 0, redirected: 0 };
  for (let attempt = 1; ; attempt += 1) {
    tally.waitedMs += Math.round(await storm.shelter(signal));
    const verdict = await once(attempt).catch((error: unknown) => {
      storm.undecided(); // who waits for this attempt would wait for ever
      throw error;
    });
    if (verdict.kind === 'done') {
      storm.answered();
      return verdict.outcome;
    }
    if (verdict.kind === 'throttled') {
      quota.pause(clock.now() + verdict.pauseMs);
      const { pauseMs } = verdict;
      if (storm.throttled()) settings.log.warn('directory.throttled', { server: id, ms: pauseMs });
      if (storm.lastedMs() > settings.timeouts.silenceMs)
        throw silent(settings, storm.lastedMs(), 'HTTP 429, le quota de la clé est épuisé');
      continue;
    }
    const raged = storm.rages();
    if (verdict.kind === 'redirected') storm.undecided();
    else storm.failed(); // a maintenance page to every question is no answer
    if (storm.lastedMs() > settings.timeouts.silenceMs) throw silent(settings, storm.lastedMs(), verdict.why);
    // while nothing answers at all, it is not this question's fault
    if (raged && !untried && verdict.kind !== 'redirected') continue;
    failed[verdict.kind] += 1;
    const most = untried && verdict.kind === 'failing' ? mostAttempts.untried : mostAttempts[verdict.kind];
    if (failed[verdict.kind] >= most) return exhausted(verdict, settings);
    const wait = ids.fraction() * Math.min(backoff.firstMs * 2 ** attempt, backoff.mostMs);
    // others are under way meanwhile
    flight.end();
    await clock.sleep(Math.max(wait, verdict.pauseMs ?? 0), signal);
    await flight.begin(signal);
  }

  async function once(attempt: number): Promise<Verdict> {
    tally.waitedMs += Math.round(await quota.take(signal));
    tally.requests += 1;
    if (attempt > 1) tally.retries += 1;
    const sent = clock.now();
    const answer = await send(url, settings, signal);
    flight.answered(clock.now() - sent);
    if (!isGatewayError(answer)) tally.bytes += answer.body.byteLength;
    return isGatewayError(answer) ? lost(answer) : judge(answer, settings);
  }
}

type Verdict =
  | { kind: 'done'; outcome: Outcome }
  | { kind: 'throttled'; pauseMs: number }
  | { kind: 'failing' | 'unreadable' | 'redirected'; why: string; pauseMs?: number };

async function send(url: string, settings: Settings, signal: AbortSignal): Promise<Answer | GatewayError> {
  const { clock, timeouts, key, fetch } = settings;
  const limit = new AbortController();
  const over = new AbortController();
  const timer = clock.sleep(timeouts.callMs, over.signal).then(() => {
    if (!over.signal.aborted) limit.abort(new DOMException('deadline', 'TimeoutError'));
  });
  const headers: Record<string, string> = { accept: 'application/fhir+json' };
  if (isOurs(url, settings)) headers['esante-api-key'] = key;
  try {
    return await fetch(url, { headers, signal: AbortSignal.any([signal, limit.signal]), mostBytes });
  } catch (error) {
    if (isGatewayError(error)) return error;
    throw error;
  } finally {
    over.abort();
    await timer;
  }
}

function lost(error: GatewayError): Verdict {
  if (error.category === 'too-large') return { kind: 'done', outcome: { state: 'heavy' } };
  return { kind: 'failing', why: error.message };
}

function judge(answer: Answer, settings: Settings): Verdict {
  const { status, headers } = answer;
  const pauseMs = retryAfter(headers.get('retry-after'), settings.clock.now());
  if (status === 429) return { kind: 'throttled', pauseMs: pauseMs ?? 1000 };
  if (status >= 300 && status < 400) return { kind: 'redirected', why: `HTTP ${status}` };
  if (status === 401 || status === 403) throw refusedKey(settings, status);
  const body = parseObject(answer.body);
  if (status === 200) return judgePage(answer, body);
  const outcome = body?.['resourceType'] === 'OperationOutcome';
  if (status === 410 || (status === 404 && outcome)) {
    return { kind: 'done', outcome: { state: 'dead', why: `HTTP ${status}` } };
  }
  if (status === 413 || status === 414) return { kind: 'done', outcome: { state: 'heavy' } };
  if (status === 400 || status === 422) return { kind: 'done', outcome: { state: 'refused' } };
  return { kind: 'failing', why: `HTTP ${status}`, ...(pauseMs === undefined ? {} : { pauseMs }) };
}

function judgePage({ headers, body: bytes }: Answer, body: Record<string, unknown> | undefined): Verdict {
  const json = /^application\/(fhir\+)?json\b/i.test(headers.get('content-type') ?? '');
  if (!json || !body) return { kind: 'unreadable', why: 'ni page ni JSON entier' };
  if (body['resourceType'] !== 'Bundle')
    return { kind: 'unreadable', why: 'une autre ressource qu’un Bundle' };
  const digest = createHash('sha256').update(bytes).digest('hex');
  return { kind: 'done', outcome: { state: 'bundle', bundle: body, digest, date: dateOf(body, headers) } };
}

/** The server's own time of the answer: the search's, else the header's (P-11). */
function dateOf(bundle: Bundle, headers: Headers): number | undefined {
  const { meta } = bundle;
  const told =
    isObject(meta) && typeof meta['lastUpdated'] === 'string' ? meta['lastUpdated'] : headers.get('date');
  const date = Date.parse(told ?? '');
  return Number.isNaN(date) ? undefined : date;
}

function exhausted(verdict: { kind: string; why: string }, settings: Settings): Outcome {
  if (verdict.kind === 'failing') return { state: 'heavy' };
  if (verdict.kind === 'unreadable') return { state: 'dead', why: verdict.why };
  throw new GatewayError({
    category: 'not-supported',
    side: 'directory',
    retryable: false,
    message: `Annuaire « ${settings.id} » : il redirige ailleurs (${verdict.why}) ; la clé n’y est pas envoyée. Corrigez « base » si son adresse a changé.`,
  });
}

function refusedKey({ id }: Settings, status: 401 | 403): GatewayError {
  return new GatewayError({
    category: status === 401 ? 'unauthenticated' : 'forbidden',
    side: 'directory',
    retryable: false,
    message: `Annuaire « ${id} » : il refuse la clé (HTTP ${status}). Ce qui est lu reste acquis : renouvelez la clé, puis relancez, la lecture reprend à la page suivante.`,
  });
}

function silent({ id }: Settings, ms: number, why: string): GatewayError {
  return new GatewayError({
    category: 'unavailable',
    side: 'directory',
    message: `Annuaire « ${id} » : plus aucune réponse utile depuis ${Math.round(ms / 60_000)} min (la dernière : ${why}). Ce qui est lu reste acquis et la dernière copie est servie ; relancez plus tard.`,
  });
}
