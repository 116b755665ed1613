/** The trace of who did what (PGSSI-S imputability): refusals too, ids only, written with the act it tells of (P-39). */
import { sql } from 'kysely';
import type { Json } from '../fhir/types.ts';
import { keptLater } from './gathered.ts';
import type { Db } from './store.ts';

export type AuditEntry = {
  tenant: string;
  at: Date;
  /** Client id, or `gateway` for what the gateway did by itself. */
  actor: string;
  action: string;
  outcome: 'done' | 'refused';
  requestId: string;
  /** Ids of what was touched; never content. */
  entity?: Json;
};

export type AuditRepository = ReturnType<typeof auditRepository>;

/** The audit trail, on the pool or in a transaction. */
export function auditRepository(db: Db) {
  return {
    async add(entry: AuditEntry): Promise<void> {
      const { tenant, at, actor, action, outcome, requestId, entity = {} } = entry;
      await sql`${keptLater}
        insert into audit (tenant, at, actor, action, outcome, request_id, entity)
        values (${tenant}, ${at}, ${actor}, ${action}, ${outcome}, ${requestId}, ${JSON.stringify(entity)})`.execute(
        db,
      );
    },

    /** Newest first. */
    async list(tenant: string, limit = 100): Promise<AuditEntry[]> {
      const rows = await db
        .selectFrom('audit')
        .where('tenant', '=', tenant)
        .selectAll()
        .orderBy('id', 'desc')
        .limit(limit)
        .execute();
      return rows.map((row) => ({
        tenant: row.tenant,
        at: row.at,
        actor: row.actor,
        action: row.action,
        outcome: row.outcome as AuditEntry['outcome'],
        requestId: row.request_id,
        entity: row.entity,
      }));
    },
  };
}
