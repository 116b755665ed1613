/** The ledger of a referral: every event in order, never rewritten. */
import { sql } from 'kysely';
import type { Json } from '../fhir/types.ts';
import { keptLater } from './gathered.ts';
import { kept } from './kept-statements.ts';
import type { Db } from './store.ts';

export type ReferralEvent = { seq: number; at: Date; kind: string; actor: string; detail: Json };

/** The part of the referral repository that tells what happened. */
export function referralLedger(db: Db) {
  return {
    /** Appends to the ledger. Hold the referral's lock (or be its creator): the sequence has no gaps. */
    async addEvent(
      tenant: string,
      referralId: string,
      event: Omit<ReferralEvent, 'seq' | 'detail'> & { detail?: Json },
    ): Promise<void> {
      await sql`${keptLater}
        insert into referral_event (tenant, referral_id, seq, at, kind, actor, detail)
        select ${tenant}, ${referralId}, coalesce(max(seq), 0) + 1, ${event.at}, ${event.kind}, ${event.actor},
          ${JSON.stringify(event.detail ?? {})}::jsonb
        from referral_event where tenant = ${tenant} and referral_id = ${referralId}`.execute(db);
    },

    /** Does the ledger tell of something of a kind at or after an instant? */
    async happened(tenant: string, referralId: string, kind: string, since: Date): Promise<boolean> {
      const { rows } = await sql<{ happened: boolean }>`${kept}
        select exists (select from referral_event where tenant = ${tenant} and referral_id = ${referralId}
          and kind = ${kind} and at >= ${since}) as happened`.execute(db);
      return rows[0]!.happened;
    },

    /** Ledgers of several referrals by their id. */
    async ledgers(tenant: string, ids: readonly string[]): Promise<Map<string, ReferralEvent[]>> {
      if (ids.length === 0) return new Map();
      const rows = await db
        .selectFrom('referral_event')
        .where('tenant', '=', tenant)
        .where('referral_id', 'in', ids)
        .select(['referral_id', 'seq', 'at', 'kind', 'actor', 'detail'])
        .orderBy('referral_id')
        .orderBy('seq')
        .execute();
      const events = rows.map(({ referral_id, ...event }) => ({ referral: referral_id, event }));
      return new Map(
        [...Map.groupBy(events, ({ referral }) => referral)].map(([id, list]) => [
          id,
          list.map(({ event }) => event),
        ]),
      );
    },

    async events(tenant: string, referralId: string): Promise<ReferralEvent[]> {
      return db
        .selectFrom('referral_event')
        .where('tenant', '=', tenant)
        .where('referral_id', '=', referralId)
        .select(['seq', 'at', 'kind', 'actor', 'detail'])
        .orderBy('seq')
        .modifyEnd(kept)
        .execute();
    },
  };
}
