/** The outbox: what is to be sent, in the order it was decided. How items are taken and finished: outbox-claims.ts. */
import { sql } from 'kysely';
import type { Json } from '../fhir/types.ts';
import { outboxClaims } from './outbox-claims.ts';
import { keptLater } from './gathered.ts';
import type { OutboxState } from './schema.ts';
import type { Db } from './store.ts';

/** Channel on which gateways hear that outbox items were committed. */
export const outboxChannel = 'passerelle_outbox';

export type StoredItem = {
  tenant: string;
  lane: 'publication' | 'clinical';
  serverId: string;
  subject: string;
  kind: string;
  payload: { entries: Json[]; detail: Json };
  runId: string | null;
  referralId: string | null;
  createdAt: Date;
  deadline: Date;
  /** Set aside from the beginning, for a person. */
  parked?: { at: Date; reason: Json };
};

/** Which items are meant; every given field must match. */
export type OutboxFilter = {
  id?: number;
  runId?: string;
  referralId?: string;
  serverId?: string;
  lane?: 'publication' | 'clinical';
  subject?: string;
  kind?: string;
};

/** An item that is still to be sent, as people are told of it. */
export type OpenItem = {
  id: number;
  lane: 'publication' | 'clinical';
  serverId: string;
  subject: string;
  kind: string;
  state: OutboxState;
  attempts: number;
  dueAt: Date;
  deadline: Date;
  createdAt: Date;
  reason: Json;
  runId: string | null;
  referralId: string | null;
  payload: { entries: Json[]; detail: Json };
  /** The parked item of the same subject that this one waits behind. */
  behind: number | null;
};

/** Resources by server and by how far their items are; `blocked` waits behind something parked. */
export type Progress = {
  serverId: string;
  state: OutboxState;
  blocked: boolean;
  items: number;
  resources: number;
};

export type OutboxRepository = ReturnType<typeof outboxRepository>;

/** The outbox, on the pool or in a transaction; `announce` hears of every statement that makes something due. */
export function outboxRepository(db: Db, announce: () => void) {
  return {
    ...outboxClaims(db),

    /** Adds items, due at once; their ids have the same order. */
    async add(items: readonly StoredItem[]): Promise<void> {
      // Ids of one subject must be committed in order, or a later item could be claimed before an earlier one.
      const subjects = new Set(
        items.map((item) => JSON.stringify([item.tenant, item.serverId, item.subject])),
      );
      for (const subject of [...subjects].sort())
        await sql`${keptLater}select pg_advisory_xact_lock(hashtextextended(${subject}, 2))`.execute(db);
      for (const { serverId, payload, runId, referralId, createdAt, parked, ...item } of items) {
        await db
          .insertInto('outbox')
          .values({
            ...{ ...item, server_id: serverId, payload: JSON.stringify(payload), run_id: runId },
            ...{ referral_id: referralId, created_at: createdAt, due_at: createdAt, lease_owner: null },
            ...(parked
              ? { state: 'parked', finished_at: parked.at, reason: JSON.stringify(parked.reason) }
              : {}),
          })
          .modifyEnd(keptLater)
          .execute();
      }
      if (items.length) announce();
    },

    /** Sets aside what was not sent yet: a newer decision takes its place. What is being sent stays. */
    async supersede(tenant: string, filter: OutboxFilter, at: Date): Promise<OpenItem[]> {
      const open = (await this.open(tenant, filter)).filter((item) => item.state !== 'sending');
      const ids = open.map((item) => item.id);
      if (ids.length === 0) return [];
      const done = await db
        .updateTable('outbox')
        .set({ state: 'superseded', finished_at: at })
        .where('tenant', '=', tenant)
        .where('id', 'in', ids)
        .where('state', 'in', ['queued', 'parked'])
        .returning('id')
        .execute();
      return open.filter((item) => done.some((row) => row.id === item.id));
    },

    /** Queues parked items again with a new deadline; answers how many. */
    async requeue(tenant: string, filter: OutboxFilter, at: Date, deadline: Date): Promise<number> {
      const parked = (await this.open(tenant, filter)).filter((item) => item.state === 'parked');
      if (parked.length === 0) return 0;
      const done = await db
        .updateTable('outbox')
        .set({ state: 'queued', due_at: at, deadline, reason: null, finished_at: null })
        .where('tenant', '=', tenant)
        .where('state', '=', 'parked')
        .where(
          'id',
          'in',
          parked.map((item) => item.id),
        )
        .returning('id')
        .execute();
      announce();
      return done.length;
    },

    /**
     * Queues what was set aside of a run again, in its order and under its common subject, so that what depends on
     * something else of it waits. Answers how many.
     */
    async resume(
      tenant: string,
      { runId, kind, subject }: { runId: string; kind: string; subject: string },
      at: Date,
      deadline: Date,
    ): Promise<number> {
      const done = await db
        .updateTable('outbox')
        .set({ state: 'queued', subject, due_at: at, deadline, reason: null, finished_at: null })
        .where('tenant', '=', tenant)
        .where('run_id', '=', runId)
        .where('kind', '=', kind)
        .where('state', '=', 'parked')
        .returning('id')
        .execute();
      announce();
      return done.length;
    },

    /** Queued, sending and parked items, oldest first. */
    async open(tenant: string, filter: OutboxFilter): Promise<OpenItem[]> {
      const rows = await db
        .selectFrom('outbox as o')
        .where('o.tenant', '=', tenant)
        .where('o.state', 'in', ['queued', 'sending', 'parked'])
        .where(matching(filter))
        .select(['o.id', 'o.lane', 'o.server_id as serverId', 'o.subject', 'o.kind', 'o.state', 'o.attempts'])
        .select(['o.due_at as dueAt', 'o.deadline', 'o.created_at as createdAt', 'o.reason', 'o.payload'])
        .select(['o.run_id as runId', 'o.referral_id as referralId', parkedBefore.as('behind')])
        .orderBy('o.id')
        .execute();
      return rows as OpenItem[];
    },

    /** How far the matching items are. */
    async progress(tenant: string, filter: OutboxFilter): Promise<Progress[]> {
      return db
        .selectFrom((inner) =>
          inner
            .selectFrom('outbox as o')
            .where('o.tenant', '=', tenant)
            .where(matching(filter))
            .select(['o.server_id as serverId', 'o.state'])
            .select(sql<number>`jsonb_array_length(o.payload -> 'entries')`.as('resources'))
            .select(sql<boolean>`o.state = 'queued' and ${parkedBefore} is not null`.as('blocked'))
            .as('item'),
        )
        .select(['serverId', 'state', 'blocked'])
        .select((eb) => [
          eb.fn.countAll<number>().as('items'),
          eb.fn.sum<number>('resources').as('resources'),
        ])
        .groupBy(['serverId', 'state', 'blocked'])
        .orderBy('serverId')
        .execute();
    },
  };
}

const parkedBefore = sql<number | null>`(select max(p.id) from outbox p where p.tenant = o.tenant
  and p.server_id = o.server_id and p.subject = o.subject and p.id < o.id and p.state = 'parked')`;

function matching(filter: OutboxFilter) {
  const columns = {
    ...{ id: 'id', runId: 'run_id', referralId: 'referral_id' },
    ...{ serverId: 'server_id', lane: 'lane', subject: 'subject', kind: 'kind' },
  };
  const conditions = Object.entries(columns).flatMap(([name, column]) => {
    const value = filter[name as keyof OutboxFilter];
    return value === undefined ? [] : [sql`${sql.ref(`o.${column}`)} = ${value}`];
  });
  return conditions.length ? sql<boolean>`${sql.join(conditions, sql` and `)}` : sql<boolean>`true`;
}
