/** Receipts: what a server answered for each resource that was sent to it. */
import type { BusinessKey } from '../fhir/key.ts';
import { sql } from 'kysely';
import { keptLater } from './gathered.ts';
import type { Db } from './store.ts';

export type StoredReceipt = {
  tenant: string;
  outboxId: number;
  serverId: string;
  type: string;
  key: BusinessKey;
  localId: string;
  versionId: string | null;
  lastUpdated: Date | null;
  /** Status line of the server, or that it was found there when it was read back. */
  status: string;
  receivedAt: Date;
};

/** A receipt with what it was for. */
export type ReferralReceipt = StoredReceipt & { referralId: string; kind: string };

export type ReceiptsRepository = ReturnType<typeof receiptsRepository>;

/** Receipts, on the pool or in a transaction. */
export function receiptsRepository(db: Db) {
  const select = (tenant: string) =>
    db
      .selectFrom('receipt')
      .innerJoin('outbox', (join) =>
        join.onRef('outbox.tenant', '=', 'receipt.tenant').onRef('outbox.id', '=', 'receipt.outbox_id'),
      )
      .where('receipt.tenant', '=', tenant)
      .select(['receipt.tenant', 'receipt.outbox_id as outboxId', 'receipt.server_id as serverId'])
      .select(['receipt.type', 'receipt.key', 'receipt.local_id as localId'])
      .select(['receipt.version_id as versionId', 'receipt.last_updated as lastUpdated'])
      .select(['receipt.status', 'receipt.received_at as receivedAt', 'outbox.kind'])
      .orderBy('receipt.outbox_id')
      .orderBy('receipt.type')
      .orderBy('receipt.key');

  return {
    async add(receipts: readonly StoredReceipt[]): Promise<void> {
      if (receipts.length === 0) return;
      const column = <K extends keyof StoredReceipt>(name: K): StoredReceipt[K][] =>
        receipts.map((one) => one[name]);
      await sql`${keptLater}
        insert into receipt (tenant, outbox_id, server_id, type, key, local_id, version_id, last_updated, status, received_at)
        select * from unnest(${column('tenant')}::text[], ${column('outboxId')}::bigint[], ${column('serverId')}::text[],
          ${column('type')}::text[], ${column('key')}::text[], ${column('localId')}::text[], ${column('versionId')}::text[],
          ${column('lastUpdated')}::timestamptz[], ${column('status')}::text[], ${column('receivedAt')}::timestamptz[])`.execute(
        db,
      );
    },

    /** Everything servers acknowledged for one referral, in the order it was sent. */
    async ofReferral(tenant: string, referralId: string): Promise<ReferralReceipt[]> {
      return select(tenant)
        .where('outbox.referral_id', '=', referralId)
        .select((eb) => eb.ref('outbox.referral_id').$notNull().as('referralId'))
        .execute();
    },

    /** Receipts of clinical items since an instant, newest first: what the nightly check reads back. */
    async clinical(tenant: string, since: Date, limit: number): Promise<ReferralReceipt[]> {
      return select(tenant)
        .where('outbox.lane', '=', 'clinical')
        .where('receipt.received_at', '>=', since)
        .select((eb) => eb.fn.coalesce('outbox.referral_id', 'outbox.subject').as('referralId'))
        .clearOrderBy()
        .orderBy('receipt.outbox_id', 'desc')
        .limit(limit)
        .execute();
    },

    /** Open referrals for which nothing was ever put into the outbox: accepted, and nobody will send them. */
    async referralsWithoutItem(
      tenant: string,
    ): Promise<{ id: string; fulfillerServer: string | null; acceptedAt: Date }[]> {
      return db
        .selectFrom('referral as r')
        .where('r.tenant', '=', tenant)
        .where('r.closed_at', 'is', null)
        .where((eb) =>
          eb.not(
            eb.exists(
              eb
                .selectFrom('outbox as o')
                .whereRef('o.tenant', '=', 'r.tenant')
                .whereRef('o.referral_id', '=', 'r.id')
                .select('o.id'),
            ),
          ),
        )
        .select(['r.id', 'r.fulfiller_server as fulfillerServer', 'r.accepted_at as acceptedAt'])
        .execute();
    },
  };
}
