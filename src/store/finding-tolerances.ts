/** What persons let stand of findings, and until when. Nothing is deleted: a tolerance is undone, or its day passes. */
import { sql } from 'kysely';
import type { BusinessKey } from '../fhir/key.ts';
import type { Db } from './store.ts';

/** The finding that a tolerance is about. */
export type ToleratedFinding = { serverId: string; type: string; key: BusinessKey; kind: string };

export type Tolerance = ToleratedFinding & {
  reason: string;
  /** The last day on which it holds, `YYYY-MM-DD`. */
  until: string;
  actor: string;
  decidedAt: Date;
};

export type FindingTolerancesRepository = ReturnType<typeof findingTolerancesRepository>;

/** Tolerances, on the pool or in a transaction. */
export function findingTolerancesRepository(db: Db) {
  const standing = (tenant: string, { serverId, type, key, kind }: ToleratedFinding) =>
    db
      .updateTable('finding_tolerance')
      .where('tenant', '=', tenant)
      .where('server_id', '=', serverId)
      .where('type', '=', type)
      .where('key', '=', key)
      .where('kind', '=', kind)
      .where('undone_at', 'is', null);

  return {
    /** Keeps a tolerance; one that stood for the same finding is undone by it. */
    async tolerate(tenant: string, tolerance: Tolerance): Promise<void> {
      const { serverId, type, key, kind, reason, until, actor, decidedAt } = tolerance;
      await standing(tenant, tolerance).set({ undone_at: decidedAt }).execute();
      await db
        .insertInto('finding_tolerance')
        .values({ tenant, server_id: serverId, type, key, kind, reason, until, actor, decided_at: decidedAt })
        .execute();
    },

    /** Takes a tolerance back; false when none stands. */
    async undo(tenant: string, finding: ToleratedFinding, at: Date): Promise<boolean> {
      const { numUpdatedRows } = await standing(tenant, finding)
        .set({ undone_at: at })
        .executeTakeFirstOrThrow();
      return numUpdatedRows > 0n;
    },

    /** Those that hold on a day (`YYYY-MM-DD`). */
    async inForce(tenant: string, serverId: string, day: string): Promise<Tolerance[]> {
      return db
        .selectFrom('finding_tolerance')
        .where('tenant', '=', tenant)
        .where('server_id', '=', serverId)
        .where('undone_at', 'is', null)
        .where('until', '>=', day)
        .select([
          'server_id as serverId',
          'type',
          'key',
          'kind',
          'reason',
          'actor',
          'decided_at as decidedAt',
        ])
        .select(sql<string>`to_char(until, 'YYYY-MM-DD')`.as('until'))
        .orderBy('decided_at')
        .execute();
    },

    /** Makes the findings of a place `tolerated` or `open` as its tolerances of that day say. */
    async settle(tenant: string, serverId: string, day: string): Promise<void> {
      const holds = sql`exists (
        select from finding_tolerance t where t.tenant = f.tenant and t.server_id = f.server_id and t.type = f.type
          and t.key = f.key and t.kind = f.kind and t.undone_at is null and t.until >= ${day}::date)`;
      await sql`
        update finding f set state = case when ${holds} then 'tolerated' else 'open' end
        where f.tenant = ${tenant} and f.server_id = ${serverId} and f.state in ('open', 'tolerated')`.execute(
        db,
      );
    },
  };
}
