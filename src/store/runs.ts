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

/** A change with the run that made it. */
export type FirstChange = RunChange & { runId: string; startedAt: Date };

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
    ): Promise<FirstChange[]> {
      const { rows } = await sql<FirstChange>`
        select distinct on (c.server_id, c.type, c.key, c.op = 'keep')
          c.server_id as "serverId", c.type, c.key, c.op, c.before, c.after,
          c.before_state as "beforeState", c.after_state as "afterState",
          r.id as "runId", r.started_at as "startedAt"
        from run_change c join run r on r.tenant = c.tenant and r.id = c.run_id
        where c.tenant = ${tenant} and r.started_at >= ${at} and (r.started_at > ${at} or not ${after}::boolean) and c.server_id = any(${[...servers]}::text[])
        order by c.server_id, c.type, c.key, c.op = 'keep', r.started_at, r.id`.execute(db);
      return rows;
    },

    /**
     * Of the resources that `created` created: how the last run before an instant wanted them, where what it queued had
     * not arrived and was not given up when the creating run began. `after` as in `firstChanges`.
     */
    async queuedBefore(
      tenant: string,
      { at, after }: { at: Date; after: boolean },
      serverId: string,
      created: readonly FirstChange[],
    ): Promise<RunChange[]> {
      if (created.length === 0) return [];
      const { rows } = await sql<RunChange>`
        with asked as (
          select * from unnest(${created.map((one) => one.type)}::text[], ${created.map((one) => one.key)}::text[],
            ${created.map((one) => one.startedAt.toISOString())}::timestamptz[]) x(type, key, since)),
        last as materialized (
          select distinct on (c.type, c.key) c.*, a.since
          from asked a
          join run_change c on c.tenant = ${tenant} and c.server_id = ${serverId} and c.type = a.type and c.key = a.key
          join run r on r.tenant = c.tenant and r.id = c.run_id
          where c.op <> 'keep' and r.started_at <= ${at} and (r.started_at < ${at} or ${after}::boolean)
          order by c.type, c.key, r.started_at desc, r.id desc),
        item as (
          select o.run_id, e ->> 'type' as type, e ->> 'key' as key,
            case when o.state in ('queued', 'sending', 'parked') then null else o.finished_at end as until
          from outbox o cross join jsonb_array_elements(o.payload -> 'entries') e
          where o.tenant = ${tenant} and o.server_id = ${serverId} and o.lane = 'publication'
            and o.run_id in (select distinct run_id from last))
        select l.server_id as "serverId", l.type, l.key, l.op, l.before, l.after,
          l.before_state as "beforeState", l.after_state as "afterState"
        from last l
        where l.after is not null and (l.after_state ->> 'active')::boolean and exists (
          select from item i where i.run_id = l.run_id and i.type = l.type and i.key = l.key
            and (i.until is null or i.until >= l.since))`.execute(db);
      return rows;
    },

    /** The last run of these kinds, if there was one. */
    async latest(tenant: string, kinds: readonly string[]): Promise<string | undefined> {
      const newest = select(tenant).where('kind', 'in', [...kinds]);
      return (await newest.orderBy('started_at', 'desc').orderBy('id').limit(1).executeTakeFirst())?.id;
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
