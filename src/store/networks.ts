/** Networks as they were loaded: one row a version; a version is new when its source file is. */
import type { Json } from '../fhir/types.ts';
import type { Db } from './store.ts';

export type StoredNetwork = {
  id: string;
  kind: string;
  name: string;
  /** Text of the file, kept so that any version can be shown and compared. */
  source: string;
  sourceFile: string;
  sourceHash: string;
  /** What it says, rows of its lists included; not kept by releases before 0.2. */
  content?: Json;
};

export type NetworkVersion = Required<StoredNetwork> & { version: number; loadedAt: Date };

export type NetworksRepository = ReturnType<typeof networksRepository>;

/** Networks, on the pool or in a transaction. */
export function networksRepository(db: Db) {
  return {
    /** Adds a version if the source differs from the newest one; answers its number. */
    async save(tenant: string, network: StoredNetwork, at: Date): Promise<number> {
      const newest = await db
        .selectFrom('network')
        .where('tenant', '=', tenant)
        .where('id', '=', network.id)
        .select(['version', 'source_hash'])
        .orderBy('version', 'desc')
        .executeTakeFirst();
      if (newest?.source_hash === network.sourceHash) return newest.version;
      const version = (newest?.version ?? 0) + 1;
      const { id, kind, name, source, sourceFile, sourceHash, content } = network;
      await db
        .insertInto('network')
        .values({
          ...{ tenant, id, version, kind, name, source, loaded_at: at },
          ...{ source_file: sourceFile, source_hash: sourceHash },
          ...(content === undefined ? {} : { content: JSON.stringify(content) }),
        })
        .execute();
      return version;
    },

    /** Every version of a network, newest first. */
    async versions(tenant: string, id: string): Promise<NetworkVersion[]> {
      return db
        .selectFrom('network')
        .where('tenant', '=', tenant)
        .where('id', '=', id)
        .select(['id', 'version', 'kind', 'name', 'source', 'content'])
        .select(['source_file as sourceFile', 'source_hash as sourceHash', 'loaded_at as loadedAt'])
        .orderBy('version', 'desc')
        .execute();
    },

    /** Newest version of each network. */
    async list(tenant: string): Promise<(StoredNetwork & { version: number; loadedAt: Date })[]> {
      return db
        .selectFrom('network')
        .distinctOn('id')
        .where('tenant', '=', tenant)
        .select(['id', 'version', 'kind', 'name', 'source'])
        .select(['source_file as sourceFile', 'source_hash as sourceHash', 'loaded_at as loadedAt'])
        .orderBy('id')
        .orderBy('version', 'desc')
        .execute();
    },
  };
}
