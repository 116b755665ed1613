/** What was asked of hospitals' care circles, by referral. */
import type { BusinessKey } from '../fhir/key.ts';
import type { Reference } from '../fhir/types.ts';
import { keptLater } from './gathered.ts';
import type { Db } from './store.ts';

/** Somebody who is to be of a circle: how they are named there, and every key they may be known by. */
export type CircleMember = { reference: Reference; keys: BusinessKey[] };

/**
 * `queued`: nobody has looked yet. Then: `proposed` (there was none), `joining` (there is one, and it lacks `members`),
 * `several`, `complete` (it has everybody), `declined` (what this referral proposed or asked of before is no longer in
 * force), `unsupported` (the server keeps none), `overtaken` (somebody else has the referral by now, or it was given up),
 * and in the end `answered`.
 */
export type CircleState =
  | 'queued'
  | 'proposed'
  | 'joining'
  | 'several'
  | 'complete'
  | 'declined'
  | 'unsupported'
  | 'overtaken'
  | 'answered';

export type CircleAsk = {
  tenant: string;
  referralId: string;
  /** From 1, in the order in which the referral asked. */
  n: number;
  serverId: string;
  members: CircleMember[];
  state: CircleState;
  askedAt: Date;
};

/** States in which a Task at the hospital waits for its answer. */
export const waitingStates = ['proposed', 'joining', 'several'] as const satisfies readonly CircleState[];

/** Asks, on the pool or in a transaction. */
export function circlesRepository(db: Db) {
  const all = (tenant: string) => db.selectFrom('care_circle').where('tenant', '=', tenant);
  type Row = Awaited<ReturnType<ReturnType<typeof wholeOf>['executeTakeFirstOrThrow']>>;
  const wholeOf = (tenant: string) => all(tenant).selectAll();
  const read = (row: Row): CircleAsk => ({
    ...{ tenant: row.tenant, referralId: row.referral_id, n: row.n, serverId: row.server_id },
    ...{ members: row.members as unknown as CircleMember[], state: row.state as CircleState },
    askedAt: row.asked_at,
  });

  return {
    /** The next ask of a referral. Hold the referral's lock: numbers have no gaps. */
    async add(ask: Omit<CircleAsk, 'n' | 'state'>): Promise<CircleAsk> {
      const { tenant, referralId } = ask;
      const { count } = await all(tenant)
        .where('referral_id', '=', referralId)
        .select(({ fn }) => fn.countAll<string>().as('count'))
        .executeTakeFirstOrThrow();
      const added: CircleAsk = { ...ask, n: Number(count) + 1, state: 'queued' };
      await db
        .insertInto('care_circle')
        .values({
          ...{ tenant, referral_id: referralId, n: added.n, server_id: ask.serverId },
          ...{ members: JSON.stringify(ask.members), state: added.state, asked_at: ask.askedAt },
        })
        .modifyEnd(keptLater)
        .execute();
      return added;
    },

    async get(tenant: string, referralId: string, n: number): Promise<CircleAsk | undefined> {
      const row = await wholeOf(tenant)
        .where('referral_id', '=', referralId)
        .where('n', '=', n)
        .executeTakeFirst();
      return row && read(row);
    },

    /** What was found, and whom it is for by now; false when that was decided before. */
    async decide({ tenant, referralId, n, state, members }: CircleAsk): Promise<boolean> {
      const { numUpdatedRows } = await db
        .updateTable('care_circle')
        .where('tenant', '=', tenant)
        .where('referral_id', '=', referralId)
        .where('n', '=', n)
        .where('state', '=', 'queued')
        .set({ state, members: JSON.stringify(members) })
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },

    /** The hospital has answered. Hold the referral's lock. */
    async answered({ tenant, referralId, n }: CircleAsk): Promise<void> {
      await db
        .updateTable('care_circle')
        .where('tenant', '=', tenant)
        .where('referral_id', '=', referralId)
        .where('n', '=', n)
        .set({ state: 'answered' })
        .execute();
    },

    /** Those of some referrals that wait for an answer. */
    async waiting(tenant: string, referralIds: readonly string[]): Promise<CircleAsk[]> {
      if (referralIds.length === 0) return [];
      const rows = await wholeOf(tenant)
        .where('referral_id', 'in', referralIds)
        .where('state', 'in', waitingStates)
        .orderBy('referral_id')
        .orderBy('n')
        .execute();
      return rows.map(read);
    },
  };
}
