import { applyPlanned } from '../directory/apply-planned.ts';
import { planSyncRollback, rollbackSync } from '../directory/rollback.ts';
import { runRecords } from '../directory/run-records.ts';
import { toldRun } from '../directory/told-run.ts';
import type { DirectorySyncOperations, SyncRun, SyncRunDetail } from '../directory-operations.ts';
import type { RunRecordPlace } from '../store/directory-run-records.ts';
import { shortKey } from '../directory/keys.ts';
import { shownRecords } from './directory-sync.ts';
import type { Parts } from './parts.ts';
import { unknown } from './require.ts';

const hourMs = 3600 * 1000;

/** Synchronisation as operations; `actor` is who is told in runs. */
export function syncOperations(parts: Parts, actor: string): DirectorySyncOperations {
  const { store, config, clock, directory } = parts;
  const confirmed = (confirm: boolean | undefined) => (confirm ? { confirm } : {});
  return {
    sync: (args) => directory.run(args, actor),

    async syncApply({ run, confirm }) {
      const ask = { run, ...confirmed(confirm), signal: directory.signal };
      return toldRun(await directory.doing(applyPlanned(directory.parts, ask)));
    },

    async syncHistory({ limit = 20, source }) {
      return (await store.directory.runs(limit, source)).map(toldRun);
    },

    async syncShow({ run: id, limit = shownRecords, after }): Promise<SyncRunDetail> {
      const run = await store.directory.run(id);
      if (!run) throw unknown(`Passage de synchronisation inconnu : ${id} (« passerelle sync history »).`);
      const records = await runRecords(store, run, limit, after === undefined ? undefined : placeOf(after));
      const last = records.at(-1);
      return { ...toldRun(run), records, ...(last ? { next: `${last.kind} ${last.key}` } : {}) };
    },

    async syncRollbackPlan({ run }) {
      const { target, summary, records } = await planSyncRollback(directory.parts, run, shownRecords * 5);
      const now = new Date(clock.now());
      const planned = {
        ...target,
        mode: 'rollback' as const,
        status: 'planned' as const,
        actor,
        startedAt: now,
      };
      return { ...toldRun({ ...planned, finishedAt: null, summary: summary as object as never }), records };
    },

    async syncRollback({ run, confirm }): Promise<SyncRun> {
      const ask = { run, ...confirmed(confirm), actor, signal: directory.signal };
      return toldRun(await directory.doing(rollbackSync(directory.parts, ask)));
    },

    async syncSources() {
      const known = new Map((await store.directory.sources()).map((source) => [source.id, source]));
      const counts = await store.directory.counts();
      return config.directory.sources.map(({ id, kind }, rank) => {
        const { asOf, lastRun, lastFullAt } = known.get(id) ?? {};
        const records = counts
          .filter(({ source }) => source === id)
          .map((one) => [one.kind, one.count] as const);
        return {
          ...{ id, kind, rank, records: Object.fromEntries(records) },
          ...(asOf
            ? { asOf: asOf.toISOString(), ageHours: Math.round((clock.now() - asOf.getTime()) / hourMs) }
            : {}),
          ...(lastRun == null ? {} : { lastRun }),
          ...(lastFullAt ? { lastFullAt: lastFullAt.toISOString() } : {}),
        };
      });
    },
  };
}

/** `Type system|value`, as `next` of the page before. */
function placeOf(after: string): RunRecordPlace {
  const space = after.indexOf(' ');
  return { kind: after.slice(0, space), key: shortKey(after.slice(space + 1)) };
}
