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

/**
 * How a resource stands beside its body. `foreign`: somebody else's, not adopted yet; `released`: adopted once and given
 * back. `networks` as in the deployed row.
 */
export type ChangeState = {
  tenant: string;
  class: 'owned' | 'directory-copy' | 'adopted' | 'foreign';
  active: boolean;
  networks: string[];
};

/**
 * One resource as it was before a run and as the run wants it; what a roll back needs. `op` is the word of the plan, or
 * `keep`: nothing but who needs it changes, and there are no bodies.
 */
export type RunChange = {
  serverId: string;
  type: string;
  key: BusinessKey;
  op: string;
  before: AnyResource | null;
  after: AnyResource | null;
  beforeState: ChangeState | null;
  afterState: ChangeState | null;
};

export type RunsRepository = ReturnType<typeof runsRepository>;

/** Runs, on the pool or in a transaction. */
export function runsRepository(db: Db) {
  const select = (tenant: string) =>
    db
      .selectFrom('run')
      .where('tenant', '=', tenant)
      .select(['id', 'kind', 'actor', 'status', 'started_at as startedAt'])
      .select(['finished_at as finishedAt', 'summary']);

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
      const rows = changes.map(({ serverId, type, key, op, ...change }) => ({
        ...{ tenant, run_id: runId, server_id: serverId, type, key, op },
        before: change.before && JSON.stringify(change.before),
        after: change.after && JSON.stringify(change.after),
        before_state: change.beforeState && JSON.stringify(change.beforeState),
        after_state: change.afterState && JSON.stringify(change.afterState),
      }));
      await inChunks(rows, (chunk) => db.insertInto('run_change').values(chunk).execute());
    },

    async changes(tenant: string, runId: string): Promise<RunChange[]> {
      const rows = await db
        .selectFrom('run_change')
        .where('tenant', '=', tenant)
        .where('run_id', '=', runId)
        .select(['server_id as serverId', 'type', 'key', 'op', 'before', 'after'])
        .select(['before_state as beforeState', 'after_state as afterState'])
        .orderBy('server_id')
        .orderBy('type')
        .orderBy('key')
        .execute();
      return rows as RunChange[];
    },

    /**
     * For every resource that a run since an instant changed: its earliest change of what it says, and the earliest of
     * who needs it (`keep`). `after`: without the run of that very instant. Only those servers that are given.
     */
    async firstChanges(
      tenant: string,
      { at, after }: { at: Date; after: boolean },
      servers: readonly string[],
    ): Promise<RunChange[]> {
      const { rows } = await sql<RunChange>`
        select distinct on (c.server_id, c.type, c.key, c.op = 'keep')
          c.server_id as "serverId", c.type, c.key, c.op, c.before, c.after,
          c.before_state as "beforeState", c.after_state as "afterState"
        from run_change c join run r on r.tenant = c.tenant and r.id = c.run_id
        where c.tenant = ${tenant} and r.started_at >= ${at} and (r.started_at > ${at} or not ${after}::boolean) and c.server_id = any(${[...servers]}::text[])
        order by c.server_id, c.type, c.key, c.op = 'keep', r.started_at, r.id`.execute(db);
      return rows;
    },

    /** Runs whose id begins like this, at most two: enough to know whether it names one. */
    async startingWith(tenant: string, prefix: string): Promise<Run[]> {
      return select(tenant)
        .where(sql<boolean>`starts_with(id, ${prefix})`)
        .limit(2)
        .execute();
    },

    /** Newest first. */
    async list(tenant: string, limit: number): Promise<Run[]> {
      return select(tenant).orderBy('started_at', 'desc').orderBy('id').limit(limit).execute();
    },
  };
}
