/** Networks that a person rolled back, each with what it wants at every server until it is released. */
import type { AnyResource } from '../fhir/types.ts';
import { type DesiredResource, isAmong, type NetworkRow } from './desired.ts';
import { inChunks } from './in-chunks.ts';
import type { Db } from './store.ts';

export type Hold = {
  networkId: string;
  /** The run that rolled it back, and the run before which its state is. */
  runId: string;
  beforeRun: string;
  /** Source of its file when it was rolled back; null when there was none. */
  sourceHash: string | null;
  heldAt: Date;
};

/** One resource that a held network wants at a server. */
export type HeldResource = Omit<DesiredResource, 'origin'> & { serverId: string };

export type HeldOutline = Omit<HeldResource, 'body'>;

export type HoldsRepository = ReturnType<typeof holdsRepository>;

/** Holds, on the pool or in a transaction. */
export function holdsRepository(db: Db) {
  const select = (tenant: string) =>
    db
      .selectFrom('held')
      .where('tenant', '=', tenant)
      .select(['network_id as networkId', 'server_id as serverId', 'type', 'key', 'class', 'hash', 'body']);

  return {
    async list(tenant: string): Promise<Hold[]> {
      return db
        .selectFrom('hold')
        .where('tenant', '=', tenant)
        .select(['network_id as networkId', 'run_id as runId', 'before_run as beforeRun'])
        .select(['source_hash as sourceHash', 'held_at as heldAt'])
        .orderBy('network_id')
        .execute();
    },

    /** What the network wants at every server, by server, type and key, without bodies. */
    async outline(tenant: string, networkId: string): Promise<HeldOutline[]> {
      return db
        .selectFrom('held')
        .where('tenant', '=', tenant)
        .where('network_id', '=', networkId)
        .select(['network_id as networkId', 'server_id as serverId', 'type', 'key', 'class', 'hash'])
        .orderBy('server_id')
        .orderBy('type')
        .orderBy('key')
        .execute();
    },

    /** The rows of one server that are asked for, taken in parallel. */
    async find(tenant: string, serverId: string, asked: readonly NetworkRow[]): Promise<HeldResource[]> {
      if (asked.length === 0) return [];
      const rows = await select(tenant).where('server_id', '=', serverId).where(isAmong(asked)).execute();
      return rows.map((row) => ({ ...row, body: row.body as AnyResource }));
    },

    /** Lets networks go: their files count again. */
    async release(tenant: string, networks: readonly string[]): Promise<void> {
      if (networks.length === 0) return;
      for (const table of ['held', 'hold'] as const)
        await db
          .deleteFrom(table)
          .where('tenant', '=', tenant)
          .where('network_id', 'in', [...networks])
          .execute();
    },

    /** Holds networks, in place of an earlier hold of theirs; `add` says in what state. */
    async keep(tenant: string, holds: readonly Hold[]): Promise<void> {
      await this.release(
        tenant,
        holds.map(({ networkId }) => networkId),
      );
      await inChunks(holds, (chunk) =>
        db
          .insertInto('hold')
          .values(
            chunk.map(({ networkId, runId, beforeRun, sourceHash, heldAt }) => ({
              ...{ tenant, network_id: networkId, run_id: runId, before_run: beforeRun },
              ...{ source_hash: sourceHash, held_at: heldAt },
            })),
          )
          .execute(),
      );
    },

    /** More of the state in which networks are held. */
    async add(tenant: string, resources: readonly HeldResource[]): Promise<void> {
      await inChunks(resources, (chunk) =>
        db
          .insertInto('held')
          .values(
            chunk.map((one) => ({
              ...{ tenant, server_id: one.serverId, network_id: one.networkId, type: one.type, key: one.key },
              ...{ class: one.class, hash: one.hash, body: JSON.stringify(one.body) },
            })),
          )
          .execute(),
      );
    },
  };
}
