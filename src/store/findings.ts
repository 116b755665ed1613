/** Findings: what was seen to be wrong at a server, since when, and whether it still is. */
import { sql } from 'kysely';
import type { BusinessKey } from '../fhir/key.ts';
import type { Json } from '../fhir/types.ts';
import type { Db } from './store.ts';

export type Finding = {
  serverId: string;
  type: string;
  key: BusinessKey;
  kind: string;
  severity: string;
  detail: Json;
};

export type StoredFinding = Finding & {
  state: 'open' | 'repaired' | 'tolerated' | 'gone';
  firstSeen: Date;
  lastSeen: Date;
  runId: string;
};

export type FindingsRepository = ReturnType<typeof findingsRepository>;

/** Findings, on the pool or in a transaction. */
export function findingsRepository(db: Db) {
  const one = (tenant: string, finding: Pick<Finding, 'serverId' | 'type' | 'key'>) =>
    db
      .updateTable('finding')
      .where('tenant', '=', tenant)
      .where('server_id', '=', finding.serverId)
      .where('type', '=', finding.type)
      .where('key', '=', finding.key)
      .where('state', '=', 'open');

  return {
    /** Notes that a run saw it: opens it, or opens it again; one that a person tolerates stays tolerated. */
    async see(tenant: string, runId: string, at: Date, finding: Finding): Promise<void> {
      const { serverId, type, key, kind, severity, detail } = finding;
      await db
        .insertInto('finding')
        .values({
          ...{ tenant, server_id: serverId, type, key, kind, severity, detail: JSON.stringify(detail) },
          ...{ state: 'open' as const, first_seen: at, last_seen: at, run_id: runId },
        })
        .onConflict((conflict) =>
          conflict.columns(['tenant', 'server_id', 'type', 'key', 'kind']).doUpdateSet((eb) => ({
            detail: eb.ref('excluded.detail'),
            severity: eb.ref('excluded.severity'),
            last_seen: eb.ref('excluded.last_seen'),
            run_id: eb.ref('excluded.run_id'),
            // Seen again after it was over: a new episode.
            first_seen: eb
              .case()
              .when('finding.state', 'in', ['open', 'tolerated'])
              .then(eb.ref('finding.first_seen'))
              .else(eb.ref('excluded.first_seen'))
              .end(),
            state: eb
              .case()
              .when('finding.state', '=', 'tolerated')
              .then(eb.ref('finding.state'))
              .else(eb.ref('excluded.state'))
              .end(),
          })),
        )
        .execute();
    },

    /** Ends the open findings of a server that this run did not see any more; `unjudged`: `Type key` it did not look at. */
    async endUnseen(
      tenant: string,
      serverId: string,
      runId: string,
      unjudged: readonly string[],
    ): Promise<void> {
      await db
        .updateTable('finding')
        .set({ state: 'gone' })
        .where('tenant', '=', tenant)
        .where('server_id', '=', serverId)
        .where('run_id', '!=', runId)
        .where('state', 'in', ['open', 'tolerated'])
        .where(sql<boolean>`type || ' ' || key <> all(${[...unjudged]}::text[])`)
        .execute();
    },

    /** Ours was put back; twins stay for a person to decide. */
    async markRepaired(
      tenant: string,
      finding: Pick<Finding, 'serverId' | 'type' | 'key'>,
      kinds: readonly string[],
    ): Promise<void> {
      await one(tenant, finding).where('kind', 'in', kinds).set({ state: 'repaired' }).execute();
    },

    async list(tenant: string, filter: { serverId?: string; state?: string } = {}): Promise<StoredFinding[]> {
      let query = db.selectFrom('finding').where('tenant', '=', tenant);
      if (filter.serverId) query = query.where('server_id', '=', filter.serverId);
      if (filter.state) query = query.where('state', '=', filter.state as StoredFinding['state']);
      return query
        .select(['server_id as serverId', 'type', 'key', 'kind', 'severity', 'state', 'detail'])
        .select(['first_seen as firstSeen', 'last_seen as lastSeen', 'run_id as runId'])
        .orderBy('server_id')
        .orderBy('type')
        .orderBy('key')
        .execute();
    },
  };
}
