/** The directory's synchronisation over an assembled gateway: sources in their order, one failing never stops the others. */
import { hostname } from 'node:os';
import type { Clock, Ids } from '../clock.ts';
import type { Config } from '../config.ts';
import { runRecords } from '../directory/run-records.ts';
import { synchronise } from '../directory/synchronise.ts';
import type { SyncParts } from '../directory/sync-parts.ts';
import { toldRun } from '../directory/told-run.ts';
import type { SyncArguments, SyncOutcome } from '../directory-operations.ts';
import { isGatewayError } from '../fhir/error.ts';
import { errorFields, type Log } from '../log.ts';
import type { Store } from '../store/store.ts';
import { directorySources } from './directory-sources.ts';
import { unknown } from './require.ts';

export type DirectorySync = {
  parts: SyncParts;
  signal: AbortSignal;
  run(args: SyncArguments, actor: string, signal?: AbortSignal): Promise<SyncOutcome[]>;
  /** Work that a stop waits for. */
  doing<T>(work: Promise<T>): Promise<T>;
  /** Ends what runs at its next page; it is gone on with later. */
  stop(): Promise<void>;
};

/** Records shown of each kind beside a run. */
export const shownRecords = 20;

export function createDirectorySync(given: {
  config: Pick<Config, 'directory'>;
  store: Store;
  clock: Clock;
  ids: Ids;
  log: Log;
  program: string;
}): DirectorySync {
  const { config, store, clock, log, program } = given;
  const { sources, brake } = config.directory;
  const parts: SyncParts = {
    ...{ store, clock, log, brake, program },
    owner: `${hostname()}/${process.pid}`,
  };
  const readers = directorySources(given);
  const stopping = new AbortController();
  const running = new Set<Promise<unknown>>();

  const one = async (
    id: string,
    args: SyncArguments,
    actor: string,
    signal: AbortSignal,
  ): Promise<SyncOutcome> => {
    try {
      const rank = sources.findIndex((source) => source.id === id);
      const source = readers.create(sources[rank]!);
      const { full, planOnly, confirm } = args;
      const run = await synchronise(parts, source, {
        ...{ rank, actor, signal },
        ...(full ? { full } : {}),
        ...(planOnly ? { planOnly } : {}),
        ...(confirm ? { confirm } : {}),
      });
      return { source: id, run: toldRun(run), records: await runRecords(store, run, shownRecords) };
    } catch (error) {
      if (signal.aborted) throw error;
      log.warn('directory.not-synchronised', { job: id, ...errorFields(error) });
      if (!isGatewayError(error)) throw error;
      const { category, side, retryable, message } = error;
      return { source: id, error: { category, side, retryable, message } };
    }
  };

  const doing = <T>(work: Promise<T>): Promise<T> => {
    const settled = work.catch(() => undefined).finally(() => running.delete(settled));
    running.add(settled);
    return work;
  };

  return {
    parts,
    signal: stopping.signal,
    doing,
    run: (args, actor, signal) => doing(all(args, actor, signal)),
    async stop() {
      stopping.abort();
      await Promise.all(running);
      await readers.close();
    },
  };

  async function all(args: SyncArguments, actor: string, signal?: AbortSignal): Promise<SyncOutcome[]> {
    const wrong = args.sources?.find((id) => !sources.some((source) => source.id === id));
    if (wrong !== undefined) throw unknown(`Source d’annuaire inconnue : « ${wrong} ».`);
    const asked = sources.map(({ id }) => id).filter((id) => args.sources?.includes(id) ?? true);
    const stop = signal ? AbortSignal.any([signal, stopping.signal]) : stopping.signal;
    const outcomes: SyncOutcome[] = [];
    for (const id of asked) outcomes.push(await one(id, args, actor, stop));
    return outcomes;
  }
}
