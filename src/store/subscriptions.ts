/** Subscriptions and their events: who asked to be told of what, and every event's number, without gaps (SUB-04, SUB-06). */
import { type RawBuilder, sql } from 'kysely';
import type { AnyResource } from '../fhir/types.ts';
import { subscriptionEvents } from './subscription-events.ts';
import type { Db } from './store.ts';

/** What a client asked for; whether it is in error follows from what could not be sent. */
export type AskedStatus = 'requested' | 'active' | 'off';
export type SubscriptionStatus = AskedStatus | 'error';

export type Subscription = {
  tenant: string;
  id: string;
  client: string;
  /** It stands in the configuration: its secret does, too. */
  configured: boolean;
  status: SubscriptionStatus;
  /** Why it is in error, in words for people. */
  error: string | null;
  topic: string;
  /** As it may be shown: without channel.header and status. */
  body: AnyResource;
  /** `Name: value`, never shown and never logged. */
  headers: string[];
  heartbeatS: number | null;
  endAt: Date | null;
  /** As resource: differs whenever what is shown does, the status too. */
  version: number;
  /** Counts how often it was requested: an answered handshake makes active what it was sent for, nothing later. */
  activation: number;
  /** Number of the last event, as text: it may outgrow a number (SUB-04). */
  events: string;
  updatedAt: Date;
};

export type NewSubscription = Pick<
  Subscription,
  'tenant' | 'id' | 'client' | 'configured' | 'topic' | 'body' | 'headers' | 'heartbeatS' | 'endAt'
> & { status: AskedStatus };

export type SubscriptionsRepository = ReturnType<typeof subscriptionsRepository>;

/**
 * Rows with their status as it is told: what cannot be delivered is parked by the delivery, and while something is, the
 * subscription is in error. One word in one place, so that it cannot disagree with the outbox.
 */
export function subscriptionRows(where: RawBuilder<unknown>): RawBuilder<Subscription> {
  return sql<Subscription>`
    select s.tenant, s.id, s.client, s.configured, s.topic, s.body, s.headers, s.heartbeat_s as "heartbeatS",
      s.end_at as "endAt", s.activation, s.events::text as events,
      s.version * 2 + case when s.status <> 'off' and p.reason is not null then 1 else 0 end as version,
      case when s.status <> 'off' and p.reason is not null then 'error' else s.status end as status,
      case when s.status <> 'off' then p.reason ->> 'message' end as error,
      case when s.status <> 'off' then greatest(s.updated_at, p.finished_at) else s.updated_at end as "updatedAt"
    from subscription s left join lateral (
      select o.reason, o.finished_at from outbox o
      where o.tenant = s.tenant and o.server_id = 'notify/' || s.client and o.subject = 'subscription/' || s.id
        and o.state = 'parked' order by o.id limit 1) p on true
    where ${where}`;
}

/** Subscriptions, on the pool or in a transaction. */
export function subscriptionsRepository(db: Db) {
  const rows = async (where: RawBuilder<unknown>, order = sql``): Promise<Subscription[]> =>
    (await sql<Subscription>`${subscriptionRows(where)} ${order}`.execute(db)).rows;
  const one = (tenant: string, id: string) => sql`s.tenant = ${tenant} and s.id = ${id}`;

  return {
    ...subscriptionEvents(db),

    async insert(given: NewSubscription, at: Date): Promise<void> {
      const { tenant, id, client, configured, status, topic, body, headers, heartbeatS, endAt } = given;
      await sql`
        insert into subscription
          (tenant, id, client, configured, status, topic, body, headers, heartbeat_s, end_at, told_at, updated_at)
        values (${tenant}, ${id}, ${client}, ${configured}, ${status}, ${topic}, ${json(body)}::jsonb,
          ${json(headers)}::jsonb, ${heartbeatS}, ${endAt}, ${at}, ${at})`.execute(db);
    },

    async get(tenant: string, id: string): Promise<Subscription | undefined> {
      return (await rows(one(tenant, id)))[0];
    },

    /** The same, its row locked until the transaction ends. */
    async lock(tenant: string, id: string): Promise<Subscription | undefined> {
      return (await rows(one(tenant, id), sql`for update of s`))[0];
    },

    /** Those of a client, or of every client of the tenant. */
    of: (tenant: string, client?: string): Promise<Subscription[]> =>
      rows(
        sql`s.tenant = ${tenant} and (${client ?? null}::text is null or s.client = ${client ?? null})`,
        sql`order by s.id`,
      ),

    /** Whom something of a topic concerns at this moment, in error or not: the count goes on (SUB-07). */
    toldOf: (tenant: string, topics: readonly string[], at: Date): Promise<Subscription[]> =>
      rows(
        sql`s.tenant = ${tenant} and s.topic = any(${[...topics]}::text[]) and s.status <> 'off'
          and (s.end_at is null or s.end_at > ${at})`,
        sql`order by s.id`,
      ),

    /** Replaces what was asked; `renew` begins a new activation. */
    async replace(given: NewSubscription, renew: boolean, at: Date): Promise<void> {
      const { tenant, id, status, topic, body, headers, heartbeatS, endAt } = given;
      await sql`
        update subscription set status = ${status}, topic = ${topic}, body = ${json(body)}::jsonb,
          headers = ${json(headers)}::jsonb, heartbeat_s = ${heartbeatS}, end_at = ${endAt}, told_at = ${at},
          version = version + 1, activation = activation + ${renew ? 1 : 0}, updated_at = ${at}
        where tenant = ${tenant} and id = ${id}`.execute(db);
    },

    /** A notification arrived; an answered handshake of the current activation makes active. */
    async told(tenant: string, id: string, at: Date, handshakeOf?: number): Promise<void> {
      await sql`update subscription set told_at = ${at} where tenant = ${tenant} and id = ${id}`.execute(db);
      if (handshakeOf !== undefined)
        await sql`
          update subscription set status = 'active', version = version + 1, updated_at = ${at}
          where tenant = ${tenant} and id = ${id} and status = 'requested' and activation = ${handshakeOf}
        `.execute(db);
    },

    async remove(tenant: string, id: string): Promise<void> {
      await sql`delete from subscription where tenant = ${tenant} and id = ${id}`.execute(db);
    },

    /**
     * Active ones that were told nothing for their heartbeat period and have nothing waiting; each is taken once, whatever
     * the number of gateways.
     */
    async takeSilent(at: Date): Promise<Subscription[]> {
      const { rows: taken } = await sql<{ tenant: string; id: string }>`
        update subscription set told_at = ${at} where (tenant, id) in (
          select s.tenant, s.id from subscription s
          where s.status = 'active' and s.told_at + s.heartbeat_s * interval '1 second' <= ${at}
            and (s.end_at is null or s.end_at > ${at})
            and not exists (select from outbox o where o.tenant = s.tenant and o.server_id = 'notify/' || s.client
              and o.subject = 'subscription/' || s.id and o.state in ('queued', 'sending', 'parked'))
          for update of s skip locked)
        returning tenant, id`.execute(db);
      const found = await Promise.all(taken.map(({ tenant, id }) => rows(one(tenant, id))));
      return found.flat();
    },

    /** Switches off what has come to its end. */
    async endDue(at: Date): Promise<void> {
      await sql`update subscription set status = 'off', version = version + 1, updated_at = ${at}
        where status <> 'off' and end_at <= ${at}`.execute(db);
    },
  };
}

function json(value: unknown): string {
  return JSON.stringify(value satisfies unknown);
}
