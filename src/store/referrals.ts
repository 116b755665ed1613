/** Referrals: what was accepted and where it stands; what happened to them: referral-ledger.ts. */
import { type RawBuilder, sql } from 'kysely';
import type { BusinessKey } from '../fhir/key.ts';
import type { AnyResource } from '../fhir/types.ts';
import { keptLater } from './gathered.ts';
import { kept } from './kept-statements.ts';
import { referralLedger } from './referral-ledger.ts';
import type { Db } from './store.ts';

export type Referral = {
  tenant: string;
  id: string;
  networkId: string;
  /** Status of the coordination Task; `completed` only once every delivery has its receipt (P-48). */
  state: string;
  /** Identifier the placer gave to its order. */
  orderKey: BusinessKey;
  contentHash: string;
  placerClient: string;
  placerServer: string | null;
  /** Number of the candidate that has it: the only one asked, or the one that accepted; null while none does. */
  candidate: number | null;
  /** Server of that candidate. */
  fulfillerServer: string | null;
  patientId: string;
  orderId: string;
  taskId: string;
  carePlanId: string | null;
  acceptedAt: Date;
  closedAt: Date | null;
};

export type { ReferralEvent } from './referral-ledger.ts';

export type ReferralsRepository = ReturnType<typeof referralsRepository>;

/** Referrals, on the pool or in a transaction. */
export function referralsRepository(db: Db) {
  const select = (tenant: string) => db.selectFrom('referral').where('tenant', '=', tenant).selectAll();
  const update = (tenant: string, id: string) =>
    db.updateTable('referral').where('tenant', '=', tenant).where('id', '=', id);

  async function* paged(
    tenant: string,
    wanted: RawBuilder<boolean>,
    size: number,
  ): AsyncGenerator<Referral[]> {
    for (let after = ''; ;) {
      const rows = await select(tenant)
        .where(wanted)
        .where('id', '>', after)
        .orderBy('id')
        .limit(size)
        .execute();
      if (rows.length > 0) yield rows.map(referralOf);
      if (rows.length < size) return;
      after = rows.at(-1)!.id;
    }
  }

  return {
    ...referralLedger(db),

    async insert(referral: Referral): Promise<void> {
      await db.insertInto('referral').values(rowOf(referral)).modifyEnd(keptLater).execute();
    },

    async get(tenant: string, id: string): Promise<Referral | undefined> {
      const row = await select(tenant).where('id', '=', id).modifyEnd(kept).executeTakeFirst();
      return row && referralOf(row);
    },

    /** The referral with its row locked until the transaction ends: whoever moves it does so alone. */
    async lock(tenant: string, id: string): Promise<Referral | undefined> {
      const row = await select(tenant).where('id', '=', id).forUpdate().executeTakeFirst();
      return row && referralOf(row);
    },

    /** Takes that lock for whoever needs nothing of the referral. */
    async hold(tenant: string, id: string): Promise<void> {
      await sql`${keptLater}select from referral where tenant = ${tenant} and id = ${id} for update`.execute(
        db,
      );
    },

    /**
     * The referral's patient, and what is known of them at a server: a resource under the key (`known`), or that none
     * was found there (`provisional`, by the ledger).
     */
    async patientAt(
      tenant: string,
      id: string,
      { serverId, key }: { serverId: string; key: BusinessKey },
    ): Promise<{ patient: AnyResource | null; known: boolean; provisional: boolean }> {
      const { rows } = await sql<{
        patient: AnyResource | null;
        known: boolean;
        provisional: boolean;
      }>`${kept}
        select
          (select c.body from referral r join clinical_version c
            on c.tenant = r.tenant and c.type = 'Patient' and c.id = r.patient_id and c.current
            where r.tenant = ${tenant} and r.id = ${id}) as patient,
          exists (select from reference where tenant = ${tenant} and server_id = ${serverId} and type = 'Patient'
            and key = ${key}) as known,
          exists (select from referral_event where tenant = ${tenant} and referral_id = ${id}
            and kind = 'patient-provisional' and detail ->> 'server' = ${serverId}) as provisional`.execute(
        db,
      );
      return rows[0]!;
    },

    /** By the logical id of one of the gateway's own resources. */
    async byResource(
      tenant: string,
      part: 'order_id' | 'task_id' | 'care_plan_id' | 'patient_id',
      id: string,
    ): Promise<Referral | undefined> {
      const row = await select(tenant).where(part, '=', id).executeTakeFirst();
      return row && referralOf(row);
    },

    /** By the placer's own order identifier; several placers may have used the same one. */
    async byOrder(tenant: string, orderKey: BusinessKey): Promise<Referral[]> {
      return (await select(tenant).where('order_key', '=', orderKey).execute()).map(referralOf);
    },

    /** Newest first. `open`: not closed. */
    async list(
      tenant: string,
      filter: { state?: string; open?: boolean; limit?: number } = {},
    ): Promise<Referral[]> {
      let query = select(tenant);
      if (filter.state) query = query.where('state', '=', filter.state);
      if (filter.open) query = query.where('closed_at', 'is', null);
      const rows = await query
        .orderBy('accepted_at', 'desc')
        .orderBy('id')
        .limit(filter.limit ?? 1000)
        .execute();
      return rows.map(referralOf);
    },

    /** Every open referral, in pages by id: a list of the newest would never come to the oldest. */
    open: (tenant: string, size = 500) => paged(tenant, sql<boolean>`closed_at is null`, size),

    /** Accepted from one instant to before another, of a network or of all, in pages. */
    accepted: (
      tenant: string,
      { from, to, network }: { from: Date; to: Date; network?: string },
      size = 500,
    ) =>
      paged(
        tenant,
        sql<boolean>`accepted_at >= ${from} and accepted_at < ${to}
          and (${network ?? null}::text is null or network_id = ${network ?? null})`,
        size,
      ),

    /** Those open, and those closed whose ledger still says that something is overdue or corrected and not seen. */
    watched: (tenant: string, size = 500) =>
      paged(
        tenant,
        sql<boolean>`closed_at is null or id in (
          select referral_id from referral_event
          where tenant = ${tenant} and kind in ('overdue', 'overdue-ended') group by referral_id
          having count(*) filter (where kind = 'overdue') > count(*) filter (where kind = 'overdue-ended'))
        or id in (select referral_id from referral_event
          where tenant = ${tenant} and kind in ('document-corrected', 'correction-acknowledged') group by referral_id
          having (array_agg(kind order by seq desc))[1] = 'document-corrected')`,
        size,
      ),

    async setState(tenant: string, id: string, state: string): Promise<void> {
      await update(tenant, id).set({ state }).modifyEnd(keptLater).execute();
    },

    async setCarePlan(tenant: string, id: string, carePlanId: string | null): Promise<void> {
      await update(tenant, id).set({ care_plan_id: carePlanId }).execute();
    },

    /** Who has it from now on; null: nobody. */
    async choose(
      tenant: string,
      id: string,
      chosen: { n: number; serverId: string; networkId: string } | null,
    ): Promise<void> {
      const network = chosen ? { network_id: chosen.networkId } : {};
      await update(tenant, id)
        .set({ candidate: chosen?.n ?? null, fulfiller_server: chosen?.serverId ?? null, ...network })
        .execute();
    },

    async close(tenant: string, id: string, state: string, at: Date): Promise<void> {
      await update(tenant, id).set({ state, closed_at: at }).execute();
    },
  };
}

type Row = {
  tenant: string;
  id: string;
  network_id: string;
  state: string;
  order_key: string;
  content_hash: string;
  placer_client: string;
  placer_server: string | null;
  candidate: number | null;
  fulfiller_server: string | null;
  patient_id: string;
  order_id: string;
  task_id: string;
  care_plan_id: string | null;
  accepted_at: Date;
  closed_at: Date | null;
};

function rowOf(referral: Referral): Row {
  return {
    tenant: referral.tenant,
    id: referral.id,
    network_id: referral.networkId,
    state: referral.state,
    order_key: referral.orderKey,
    content_hash: referral.contentHash,
    placer_client: referral.placerClient,
    placer_server: referral.placerServer,
    candidate: referral.candidate,
    fulfiller_server: referral.fulfillerServer,
    patient_id: referral.patientId,
    order_id: referral.orderId,
    task_id: referral.taskId,
    care_plan_id: referral.carePlanId,
    accepted_at: referral.acceptedAt,
    closed_at: referral.closedAt,
  };
}

function referralOf(row: Row): Referral {
  return {
    tenant: row.tenant,
    id: row.id,
    networkId: row.network_id,
    state: row.state,
    orderKey: row.order_key,
    contentHash: row.content_hash,
    placerClient: row.placer_client,
    placerServer: row.placer_server,
    candidate: row.candidate,
    fulfillerServer: row.fulfiller_server,
    patientId: row.patient_id,
    orderId: row.order_id,
    taskId: row.task_id,
    carePlanId: row.care_plan_id,
    acceptedAt: row.accepted_at,
    closedAt: row.closed_at,
  };
}
