/** What each hospital's server last said of itself. */
import type { Json } from '../fhir/types.ts';
import type { Db } from './store.ts';

export type ServerProbe = {
  serverId: string;
  at: Date;
  ok: boolean;
  /** CapabilityStatement, of the last time it was read; kept while later probes fail. */
  capability: Json;
  /** Why the last probe failed. */
  message: string | null;
};

export type ProbesRepository = ReturnType<typeof probesRepository>;

/** Probes, one a server, on the pool or in a transaction. */
export function probesRepository(db: Db) {
  return {
    async record(probe: {
      serverId: string;
      at: Date;
      ok: boolean;
      capability?: Json;
      message?: string;
    }): Promise<void> {
      const capability = probe.capability === undefined ? null : JSON.stringify(probe.capability);
      const row = { at: probe.at, ok: probe.ok, message: probe.message ?? null };
      await db
        .insertInto('server_probe')
        .values({ server_id: probe.serverId, capability, ...row })
        .onConflict((conflict) =>
          conflict
            .column('server_id')
            .doUpdateSet({ ...row, ...(capability === null ? {} : { capability }) }),
        )
        .execute();
    },

    /** By server id. */
    async list(): Promise<ServerProbe[]> {
      const rows = await db.selectFrom('server_probe').selectAll().orderBy('server_id').execute();
      return rows.map(({ server_id, ...rest }) => ({ serverId: server_id, ...rest }));
    },
  };
}
