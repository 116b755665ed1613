/** The events of subscriptions: numbered one after the other, kept for whoever missed some. */
import { sql } from 'kysely';
import type { Db } from './store.ts';

export type SubscriptionEvent = {
  /** Its number, as text (SUB-04). */
  n: string;
  at: Date;
  referralId: string;
  focusType: string;
  focusId: string;
  /** Version of the focus when it happened. */
  version: number;
};

/** The part of the repository that counts. */
export function subscriptionEvents(db: Db) {
  return {
    /**
     * Records an event and answers its number and the activation it falls in; nobody else gets a number until the
     * transaction ends, so that none is missing. Undefined when the subscription was taken away meanwhile.
     */
    async addEvent(
      tenant: string,
      id: string,
      event: Omit<SubscriptionEvent, 'n'>,
    ): Promise<{ n: string; activation: number } | undefined> {
      const { rows } = await sql<{ n: string; activation: number }>`
        with counted as (
          update subscription set events = events + 1 where tenant = ${tenant} and id = ${id}
          returning events, activation),
        added as (
          insert into subscription_event
          select ${tenant}, ${id}, events, ${event.at}, ${event.referralId}, ${event.focusType}, ${event.focusId},
            ${event.version} from counted)
        select events::text as n, activation from counted`.execute(db);
      return rows[0];
    },

    /** Events from one number to another (both included), oldest first. */
    async events(
      tenant: string,
      id: string,
      { from, until, limit }: { from: string; until: string; limit: number },
    ): Promise<SubscriptionEvent[]> {
      const { rows } = await sql<SubscriptionEvent>`
        select n::text as n, at, referral_id as "referralId", focus_type as "focusType", focus_id as "focusId", version
        from subscription_event where tenant = ${tenant} and subscription_id = ${id}
          and n between ${from}::numeric and ${until}::numeric
        order by subscription_event.n limit ${limit}`.execute(db);
      return rows;
    },

    /** Forgets what happened before; the count stays. */
    async forgetEvents(before: Date): Promise<void> {
      await sql`delete from subscription_event where at < ${before}`.execute(db);
    },
  };
}
