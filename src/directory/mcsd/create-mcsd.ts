/** Any server that answers ITI-91 as a source of the held directory: an mCSD Update Client (IHE ITI mCSD 4.0). */
import { GatewayError } from '../../fhir/error.ts';
import type { Json } from '../../fhir/types.ts';
import { isObject } from '../api/json.ts';
import type { DirectorySource, ReadAsk, ReadEnd, RecordKind, SourcePage } from '../types.ts';
import { askJson, type Asking } from './ask.ts';
import { crawl } from './crawl.ts';
import { followHistory } from './history.ts';
import { mcsdKinds, type McsdOptions, type McsdSettings } from './options.ts';
import { endOf, newProgress, progressOf } from './progress.ts';

/** Clocks differ, and what is committed late carries an earlier date (MCSD-15). */
const overlapMs = 300_000;

export function createMcsd(options: McsdOptions): DirectorySource {
  const settings: McsdSettings = { kinds: mcsdKinds, pageSize: 200, ...options };
  const { id } = options;
  return {
    id,
    kind: 'mcsd',
    modes: ['full', 'delta'],
    keepsIds: true,
    read: (asked) => read(asked, settings),
  };
}

async function* read(asked: ReadAsk, settings: McsdSettings): AsyncGenerator<SourcePage, ReadEnd> {
  const { mode, resume, known, signal } = asked;
  signal.throwIfAborted();
  const tally = { requests: 0, retries: 0, splits: 0, waitedMs: 0, bytes: 0 };
  const asking: Asking = { settings, tally, signal };
  const since = mode === 'delta' ? sinceOf(asked.cursor, settings.id) : undefined;
  const progress =
    resume === undefined || resume === null
      ? newProgress(mode, await servedKinds(asking), since)
      : progressOf({ resume, mode }, settings.id);
  yield* (mode === 'delta' ? followHistory : crawl)(progress, known, asking);
  return endOf(progress, asked, settings.id);
}

/** Kinds that the server says it serves: one that it does not know is not missing. */
async function servedKinds(asking: Asking): Promise<RecordKind[]> {
  const { body } = await askJson('metadata', asking);
  const rest: unknown = Array.isArray(body['rest']) ? body['rest'][0] : undefined;
  const listed: unknown = isObject(rest) ? rest['resource'] : undefined;
  const served = new Set(
    Array.isArray(listed) ? listed.map((one) => (isObject(one) ? one['type'] : undefined)) : [],
  );
  const kinds = asking.settings.kinds.filter((kind) => served.has(kind));
  if (kinds.length) return kinds;
  throw new GatewayError({
    ...{ category: 'not-supported', side: 'directory', retryable: false },
    message: `Annuaire « ${asking.settings.id} » : son CapabilityStatement ne nomme aucun des types d’un annuaire mCSD. Vérifiez « base ».`,
  });
}

function sinceOf(cursor: Json | undefined, id: string): string {
  const since =
    isObject(cursor) && typeof cursor['since'] === 'string' ? Date.parse(cursor['since']) : Number.NaN;
  if (!Number.isNaN(since)) return new Date(since - overlapMs).toISOString();
  throw new GatewayError({
    ...{ category: 'unprocessable', side: 'directory', retryable: false },
    message: `Annuaire « ${id} » : aucun passage complet n’est encore appliqué. Il faut un passage complet (--full).`,
  });
}
