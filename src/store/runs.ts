/** Runs: what was asked for, by whom, what it changed and how it ended. */
import { sql } from 'kysely';
import type { BusinessKey } from '../fhir/key.ts';
import type { AnyResource, Json } from '../fhir/types.ts';
import { inChunks } from './in-chunks.ts';
import type { Db } from './store.ts';

export type Run = {
  id: string;
  /** `apply`, `reconcile`, … */
  kind: string;
  actor: string;
  /** `running`, `done`, `partial` (something waits or is parked) or `failed`. */
  status: string;
  startedAt: Date;
  finishedAt: Date | null;
  summary: Json;
};

/** One resource as it was before a run and as the run wants it; what a roll back needs. */
export type RunChange = {
  serverId: string;
  type: string;
  key: BusinessKey;
  op: string;
  before: AnyResource | null;
  after: AnyResource | null;
};

export type RunsRepository = ReturnType<typeof runsRepository>;

/** Runs, on the pool or in a transaction. */
export function runsRepository(db: Db) {
  return {
    /** Holds every other transaction that asks for the same name until this one ends. */
    async alone(name: string): Promise<void> {
      await sql`select pg_advisory_xact_lock(hashtextextended(${name}, 1))`.execute(db);
    },

    async start(tenant: string, run: Pick<Run, 'id' | 'kind' | 'actor' | 'startedAt'>): Promise<void> {
      const { id, kind, actor, startedAt } = run;
      await db
        .insertInto('run')
        .values({ tenant, id, kind, actor, status: 'running', started_at: startedAt })
        .execute();
    },

    async finish(
      tenant: string,
      id: string,
      end: Pick<Run, 'status' | 'summary'> & { finishedAt: Date },
    ): Promise<void> {
      await db
        .updateTable('run')
        .set({ status: end.status, summary: JSON.stringify(end.summary), finished_at: end.finishedAt })
        .where('tenant', '=', tenant)
        .where('id', '=', id)
        .execute();
    },

    async addChanges(tenant: string, runId: string, changes: readonly RunChange[]): Promise<void> {
      const rows = changes.map(({ serverId, type, key, op, before, after }) => ({
        ...{ tenant, run_id: runId, server_id: serverId, type, key, op },
        before: before && JSON.stringify(before),
        after: after && JSON.stringify(after),
      }));
      await inChunks(rows, (chunk) => db.insertInto('run_change').values(chunk).execute());
    },

    async changes(tenant: string, runId: string): Promise<RunChange[]> {
      const rows = await db
        .selectFrom('run_change')
        .where('tenant', '=', tenant)
        .where('run_id', '=', runId)
        .select(['server_id as serverId', 'type', 'key', 'op', 'before', 'after'])
        .orderBy('server_id')
        .orderBy('type')
        .orderBy('key')
        .execute();
      return rows as RunChange[];
    },

    /** Newest first. */
    async list(tenant: string, limit: number): Promise<Run[]> {
      return db
        .selectFrom('run')
        .where('tenant', '=', tenant)
        .select(['id', 'kind', 'actor', 'status', 'started_at as startedAt'])
        .select(['finished_at as finishedAt', 'summary'])
        .orderBy('started_at', 'desc')
        .orderBy('id')
        .limit(limit)
        .execute();
    },
  };
}
