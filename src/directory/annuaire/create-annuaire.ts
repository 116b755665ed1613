/** Annuaire Santé, FHIR API v2 (french-standards §3.2), as a source of the held directory. */
import { createHash } from 'node:crypto';
import professions from '../../../mappings/directory/professions.json' with { type: 'json' };
import { GatewayError } from '../../fhir/error.ts';
import { fetchAnswer } from '../api/fetch.ts';
import { createStorm } from '../api/storm.ts';
import { taken } from '../api/tally.ts';
import type { DirectorySource, ReadAsk, ReadEnd, SourcePage } from '../types.ts';
import { checkWindow, sinceOf } from './window.ts';
import type { Run } from './follow.ts';
import { createFlight } from './flight.ts';
import { createMemory } from './memory.ts';
import { type AnnuaireOptions, servedKinds, type Settings } from './options.ts';
import { checkpointOf, newProgress, type Progress, progressOf } from './progress.ts';
import { type Count, countOf, whyIncomplete } from './prove.ts';
import { pump } from './pump.ts';
import { createRounds } from './rounds.ts';

export function createAnnuaire(options: AnnuaireOptions): DirectorySource {
  const settings: Settings = {
    ...{ pageSize: 200, kinds: servedKinds, streams: 8, fetch: fetchAnswer },
    ...{ timeouts: { callMs: 30_000, silenceMs: 900_000 }, ...options },
    origins: new Set(options.origins),
  };
  return { id: options.id, kind: 'annuaire', modes: ['full', 'delta'], read: (ask) => read(ask, settings) };
}

async function* read(asked: ReadAsk, settings: Settings): AsyncGenerator<SourcePage, ReadEnd> {
  const stop = new AbortController();
  const signal = AbortSignal.any([asked.signal, stop.signal]);
  signal.throwIfAborted();
  const progress =
    asked.resume === undefined || asked.resume === null
      ? newProgress(
          asked.mode,
          asked.mode === 'delta' ? sinceOf(asked.cursor, settings.id) : undefined,
          settings.kinds,
        )
      : progressOf({ resume: asked.resume, mode: asked.mode }, settings.id);
  const run = newRun(asked, progress, settings, signal);
  try {
    if (progress.since !== undefined && !progress.resumed) await checkWindow(progress.since, run);
    yield* pump(progress, run);
    const rounds = createRounds(progress, run);
    let counts: (Count & { digest?: string })[] = [];
    for (;;) {
      counts = [];
      for (const kind of settings.kinds) counts.push(await countOf(kind, progress, run));
      if (!rounds.open(counts)) break;
      yield* pump(progress, run);
    }
    yield closingPage(counts, progress, run);
    return endOf(counts, progress, asked, run);
  } finally {
    stop.abort();
  }
}

function newRun(asked: ReadAsk, progress: Progress, settings: Settings, signal: AbortSignal): Run {
  const storm = createStorm(settings.clock, ({ ms, failures }) =>
    settings.log.warn('directory.storm', { server: settings.id, ms, count: failures }),
  );
  const tally = { requests: 0, retries: 0, splits: 0, waitedMs: 0, bytes: 0 };
  return {
    asking: { settings, storm, flight: createFlight(settings.streams), tally, signal },
    memory: createMemory(asked.mode === 'full' && !progress.resumed),
    known: asked.known,
    facts: { base: settings.base, professionSystems: professions.systems },
    began: progress.began,
    largest: 0,
    links: { followed: 0, dead: 0 },
    isRead: (kind) => ![...progress.open.values()].some((search) => search.kind === kind),
    refused: new Set(),
    detours: new Map(),
  };
}

/** The totals are part of what was read: their digest closes the chain, and what they cost is told. */
function closingPage(
  counts: readonly { digest?: string }[],
  progress: Progress,
  { asking, began }: Run,
): SourcePage {
  const digest = createHash('sha256')
    .update(counts.map((one) => one.digest ?? '').join('\n'))
    .digest('hex');
  const nothing = { rows: 0, records: [], removed: [], issues: [] };
  if (began !== undefined) progress.began = Math.min(progress.began ?? Infinity, began); // no page with rows said so
  return { ...nothing, digest, checkpoint: checkpointOf(progress), tally: taken(asking.tally) };
}

/** An incomplete delta leaves the cursor where it was: what it missed is asked for again (P-11). */
function endOf(
  counts: readonly Count[],
  progress: Progress,
  asked: ReadAsk,
  { began, asking }: Run,
): ReadEnd {
  if (began === undefined) throw undated(asking.settings.id);
  const complete = counts.every(({ whole }) => whole);
  const incomplete = complete ? {} : { incomplete: whyIncomplete(counts, progress) };
  const cursor = complete || asked.mode === 'full' ? { from: new Date(began).toISOString() } : asked.cursor;
  const totals = counts.map(({ kind, read: count, expected }) => ({
    ...{ kind, read: count },
    ...(expected === undefined ? {} : { expected }),
  }));
  return {
    complete,
    ...incomplete,
    ...(cursor === undefined ? {} : { cursor }),
    asOf: new Date(began),
    totals,
  };
}

function undated(id: string): GatewayError {
  return new GatewayError({
    category: 'invalid',
    side: 'directory',
    retryable: false,
    message: `Annuaire « ${id} » : ses réponses ne portent aucune date (ni « Date », ni meta.lastUpdated) ; sans elle, aucun passage suivant ne saurait d’où partir.`,
  });
}
