/**
 * Taking items for sending and telling how it went. A claim is a lease with a fence: each claim raises the fence, and
 * nothing is recorded under an older one, so a gateway that lost its lease cannot complete. Leases run on the
 * database's clock: a gateway whose own clock is ahead would take what another is sending, and both would write.
 */
import { type RawBuilder, sql } from 'kysely';
import type { Json } from '../fhir/types.ts';
import { kept } from './kept-statements.ts';
import type { Db } from './store.ts';

export type Lane = 'publication' | 'clinical';

/** What a claim holds on to. */
export type Fenced = { tenant: string; id: number; fence: number };

export type Claim = Fenced & {
  lane: Lane;
  serverId: string;
  subject: string;
  kind: string;
  payload: { entries: Json[]; detail: Json };
  /** This attempt included. */
  attempts: number;
  /** Why the attempt before did not succeed. */
  reason: Json;
  deadline: Date;
  createdAt: Date;
  runId: string | null;
  referralId: string | null;
};

export type ClaimRequest = {
  /** Up to `limit` items of each server and lane. */
  from: readonly { serverId: string; lane: Lane; limit: number }[];
  /** Also what somebody claimed and did not finish in time; else only what is queued. */
  leftBehind: boolean;
  owner: string;
  now: Date;
  leaseMs: number;
};

/**
 * Only the head of each (tenant, server, subject) may be sent; a parked item holds back what comes after it. Asked item by item
 * along an index: as a join it would be planned anew each time, and read all that is open at the server.
 */
const isHead = sql<boolean>`(select p.id from outbox p where p.tenant = o.tenant
  and p.server_id = o.server_id and p.subject = o.subject and p.id < o.id
  and p.state in ('queued', 'sending', 'parked') order by p.server_id, p.subject, p.id limit 1) is null`;

const isDue = (now: Date) => sql<boolean>`((o.state = 'queued' and o.due_at <= ${now})
  or (o.state = 'sending' and o.lease_until <= clock_timestamp()))`;

/**
 * Not in the words of the partial indexes: PostgreSQL would take one of them for short and read all that has left it since the
 * last vacuum, instead of finding the one row by its key.
 */
const isSending = sql<boolean>`state || '' = 'sending'`;

const ahead = (ms: number) => sql<Date>`clock_timestamp() + ${ms} * interval '1 millisecond'`;

/** The part of the outbox repository that sends. */
export function outboxClaims(db: Db) {
  const held = ({ tenant, id, fence }: Fenced) =>
    db
      .updateTable('outbox')
      .where('tenant', '=', tenant)
      .where('id', '=', id)
      .where('fence', '=', fence)
      .where(isSending);
  const queuedAt = (serverId: string) =>
    db.updateTable('outbox').where('server_id', '=', serverId).where('state', '=', 'queued');

  return {
    /** Servers and lanes, among `servers`, that have something to send now. */
    async due(servers: readonly string[], now: Date): Promise<{ serverId: string; lane: Lane }[]> {
      return db
        .selectFrom('outbox as o')
        .where('o.server_id', '=', sql<string>`any(${[...servers]}::text[])`)
        .where(isDue(now))
        .where(isHead)
        .select(['o.server_id as serverId', 'o.lane'])
        .distinct()
        .execute();
    },

    /**
     * Takes items of several servers and lanes at once, of each those that have waited longest. What is queued is read in the
     * order of an index and no further than wanted: a long backlog costs no more than a short one.
     */
    async claim({ from, leftBehind, owner, now, leaseMs }: ClaimRequest): Promise<Claim[]> {
      if (from.length === 0) return [];
      const asked = sql`unnest(${from.map((one) => one.serverId)}::text[], ${from.map((one) => one.lane)}::text[],
        ${from.map((one) => one.limit)}::int[]) as f (server_id, lane, most)`;
      const heads = (which: RawBuilder<boolean>) => sql`
          select o.*, f.most from ${asked} cross join lateral (
            select o.tenant, o.id, o.server_id, o.lane, o.due_at from outbox o
            where o.server_id = f.server_id and o.lane = f.lane and ${which} and ${isHead}
            order by o.due_at, o.id limit f.most for update skip locked) o`;
      const queued = heads(sql`o.state = 'queued' and o.due_at <= ${now}`);
      const head = leftBehind
        ? sql`queued as (${queued}),
        left_behind as (${heads(sql`o.state = 'sending' and o.lease_until <= clock_timestamp()`)}),
        head as (
          select tenant, id from (
            select *, row_number() over (partition by server_id, lane order by due_at, id) as place
            from (select * from queued union all select * from left_behind) as every) as placed
          where place <= most)`
        : sql`head as (${queued})`;
      const { rows } = await sql<Claim>`${kept}with ${head}
        update outbox t
        set state = 'sending', attempts = t.attempts + 1, fence = t.fence + 1,
          lease_owner = ${owner}, lease_until = ${ahead(leaseMs)}
        from head where t.tenant = head.tenant and t.id = head.id
        returning t.tenant, t.id, t.fence, t.lane, t.server_id as "serverId", t.subject, t.kind, t.payload,
          t.attempts, t.reason, t.deadline, t.created_at as "createdAt", t.run_id as "runId", t.referral_id as "referralId"
      `.execute(db);
      return rows;
    },

    /** Ends every lease: for the only owner of a database at its start, when whoever held them is dead (rule 9). */
    async freeLeases(): Promise<void> {
      await db
        .updateTable('outbox')
        .set({ lease_until: sql<Date>`clock_timestamp()` })
        .where('state', '=', 'sending')
        .execute();
    },

    /**
     * True while the lease is held, for at least three quarters of `leaseMs` from now on: it is prolonged when less is left. Most
     * items are done before that, and a lease that is only looked at costs no commit to the disk.
     */
    async prolong({ tenant, id, fence }: Fenced, leaseMs: number): Promise<boolean> {
      const { rows } = await sql<{ held: boolean }>`${kept}
        with mine as (
          select lease_until > ${ahead(0.75 * leaseMs)} as lasts from outbox
          where tenant = ${tenant} and id = ${id} and fence = ${fence} and ${isSending}),
        prolonged as (
          update outbox set lease_until = ${ahead(leaseMs)}
          where tenant = ${tenant} and id = ${id} and fence = ${fence} and ${isSending}
            and not (select lasts from mine)
          returning id)
        select exists (select from mine where lasts) or exists (select from prolonged) as held`.execute(db);
      return rows[0]!.held;
    },

    /** The server has it. False when the lease was lost: then nothing may be recorded. */
    async deliver(claim: Fenced, at: Date): Promise<boolean> {
      return changed(
        held(claim)
          .set({ state: 'delivered', finished_at: at, reason: null, lease_until: null })
          .modifyEnd(kept),
      );
    },

    /** Waits until `dueAt` because of `reason`. */
    async postpone(claim: Fenced, dueAt: Date, reason: Json): Promise<boolean> {
      const next = {
        state: 'queued',
        due_at: dueAt,
        reason: jsonOrNull(reason),
        lease_until: null,
      } as const;
      return changed(held(claim).set(next));
    },

    /** Set aside for a person, with the reason; under another subject when nothing needs to wait behind it. */
    async park(claim: Fenced, at: Date, reason: Json, subject?: string): Promise<boolean> {
      const next = {
        state: 'parked',
        finished_at: at,
        reason: jsonOrNull(reason),
        lease_until: null,
      } as const;
      return changed(held(claim).set(subject === undefined ? next : { ...next, subject }));
    },

    /** Replaces what the item holds, while it is held. */
    async rewrite(claim: Fenced, payload: Claim['payload']): Promise<boolean> {
      return changed(held(claim).set({ payload: JSON.stringify(payload) }));
    },

    /** Queued items whose time is over are set aside with the last reason; `reasonOf` words it. Answers them. */
    async expire(now: Date, reasonOf: (last: Json) => Json): Promise<{ tenant: string; id: number }[]> {
      const late = await db
        .selectFrom('outbox')
        .where('state', '=', 'queued')
        .where('deadline', '<=', now)
        .select(['tenant', 'id', 'reason'])
        .forUpdate()
        .skipLocked()
        .execute();
      for (const { tenant, id, reason } of late)
        await db
          .updateTable('outbox')
          .set({ state: 'parked', finished_at: now, reason: JSON.stringify(reasonOf(reason)) })
          .where('tenant', '=', tenant)
          .where('id', '=', id)
          .where('state', '=', 'queued')
          .execute();
      return late;
    },

    /** Every queued item of a server that cannot be reached says why; `again`: also those that say it already. */
    async explain(serverId: string, reason: Json, again: boolean): Promise<void> {
      const query = queuedAt(serverId).set({ reason: JSON.stringify(reason) });
      await (again ? query : query.where('reason', 'is', null)).execute();
    },

    /** A server answers again: what waited for it is due now. */
    async hasten(serverId: string, now: Date): Promise<void> {
      await queuedAt(serverId).where('reason', 'is not', null).set({ due_at: now, reason: null }).execute();
    },
  };
}

/** No reason is SQL's null: JSON's own would count as one, and the item would never be told why it waits (P-32). */
function jsonOrNull(reason: Json): string | null {
  return reason === null ? null : JSON.stringify(reason);
}

async function changed(query: { executeTakeFirst(): Promise<{ numUpdatedRows: bigint }> }): Promise<boolean> {
  return (await query.executeTakeFirst()).numUpdatedRows === 1n;
}
