/** Who is asked to fulfil a referral, each with how far its Task is; and what each of them is given. */
import type { Json, Reference } from '../fhir/types.ts';
import { keptLater } from './gathered.ts';
import type { Db } from './store.ts';

export type Candidate = {
  tenant: string;
  referralId: string;
  /** From 1, in the order in which they were asked. */
  n: number;
  /** The performer as its order names it, logically. */
  performer: Reference;
  name: string;
  networkId: string;
  /** Canonical of its protocol; null: the one that the placer's order names, or none. */
  protocol: string | null;
  serverId: string;
  /** Status of its Task. */
  state: string;
  /** Id of the Task that tells the placer of it; null while it is the only one. */
  taskId: string | null;
  addedAt: Date;
  /** The version of its Task that was followed last; absent until one was. */
  seen?: Seen;
};

/** `updated`: when its server wrote it, by the clock there; `at`: when it was read, by ours. */
export type Seen = { updated: Date; at: Date };

/** Candidates, on the pool or in a transaction. */
export function candidatesRepository(db: Db) {
  const one = (tenant: string, referralId: string, n: number) =>
    db
      .updateTable('referral_candidate')
      .where('tenant', '=', tenant)
      .where('referral_id', '=', referralId)
      .where('n', '=', n);

  return {
    /** Hold the referral's lock: numbers have no gaps. */
    async add({ referralId, performer, ...candidate }: Candidate): Promise<void> {
      await db
        .insertInto('referral_candidate')
        .values({
          ...{ tenant: candidate.tenant, referral_id: referralId, n: candidate.n, name: candidate.name },
          ...{ performer: JSON.stringify(performer), network_id: candidate.networkId },
          ...{ protocol: candidate.protocol, server_id: candidate.serverId, state: candidate.state },
          ...{ task_id: candidate.taskId, added_at: candidate.addedAt },
        })
        .modifyEnd(keptLater)
        .execute();
    },

    /** Those of some referrals, in the order of their numbers. */
    async of(tenant: string, referralIds: readonly string[]): Promise<Candidate[]> {
      if (referralIds.length === 0) return [];
      const rows = await db
        .selectFrom('referral_candidate')
        .where('tenant', '=', tenant)
        .where('referral_id', 'in', referralIds)
        .selectAll()
        .orderBy('referral_id')
        .orderBy('n')
        .execute();
      return rows.map((row) => ({
        ...{ tenant: row.tenant, referralId: row.referral_id, n: row.n, name: row.name },
        ...{ performer: row.performer as Reference, networkId: row.network_id, protocol: row.protocol },
        ...{ serverId: row.server_id, state: row.state, taskId: row.task_id, addedAt: row.added_at },
        ...(row.seen_updated && row.seen_at ? { seen: { updated: row.seen_updated, at: row.seen_at } } : {}),
      }));
    },

    async setState(tenant: string, referralId: string, n: number, state: string): Promise<void> {
      await one(tenant, referralId, n).set({ state }).execute();
    },

    async setSeen(tenant: string, referralId: string, n: number, { updated, at }: Seen): Promise<void> {
      await one(tenant, referralId, n).set({ seen_updated: updated, seen_at: at }).execute();
    },

    async setTask(tenant: string, referralId: string, n: number, taskId: string): Promise<void> {
      await one(tenant, referralId, n).set({ task_id: taskId }).execute();
    },

    /** Keeps the entries that every candidate is given, once. */
    async keepContent(tenant: string, referralId: string, entries: readonly Json[]): Promise<void> {
      await db
        .insertInto('referral_content')
        .values({ tenant, referral_id: referralId, entries: JSON.stringify(entries) })
        .modifyEnd(keptLater)
        .execute();
    },

    /** Undefined for what was accepted before contents were kept. */
    async content(tenant: string, referralId: string): Promise<Json[] | undefined> {
      const row = await db
        .selectFrom('referral_content')
        .where('tenant', '=', tenant)
        .where('referral_id', '=', referralId)
        .select('entries')
        .executeTakeFirst();
      return row?.entries as Json[] | undefined;
    },
  };
}
