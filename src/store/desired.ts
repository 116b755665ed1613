/** What the networks say: one row a resource and network, and from what the rows of each network were made. */
import { type RawBuilder, sql } from 'kysely';
import type { BusinessKey } from '../fhir/key.ts';
import type { AnyResource, Json } from '../fhir/types.ts';
import { later } from './gathered.ts';
import { inChunks } from './in-chunks.ts';
import type { Db } from './store.ts';

export type DesiredResource = {
  networkId: string;
  type: string;
  key: BusinessKey;
  class: 'owned' | 'directory-copy';
  /** Hash of the normal form of `body`. */
  hash: string;
  /** References by business key. */
  body: AnyResource;
  /** Where its elements came from in the network's file. */
  origin: Json;
};

/** Names a row of what networks want. */
export type NetworkRow = Pick<DesiredResource, 'networkId' | 'type' | 'key'>;

/** Is the row of a table by network, type and key one of those asked for? */
export function isAmong(asked: readonly NetworkRow[]): RawBuilder<boolean> {
  return sql<boolean>`(network_id, type, key) in (select * from unnest(
    ${asked.map((one) => one.networkId)}::text[], ${asked.map((one) => one.type)}::text[],
    ${asked.map((one) => one.key)}::text[]))`;
}

/**
 * From what the rows of a network were made: its source, and what they were mapped with: the day, the digest of the mappings
 * and of the program's version, and where it applies a digest of what the directory says, with blanks between.
 */
export type Basis = { networkId: string; sourceHash: string; basis: string; issues: Json };

/** Digest of the mappings in a `Basis`. */
export function mappingIn(basis: string): string | undefined {
  return basis.split(' ')[1];
}

export type DesiredRepository = ReturnType<typeof desiredRepository>;

/** Desired state, on the pool or in a transaction. */
export function desiredRepository(db: Db) {
  const select = (tenant: string) =>
    db
      .selectFrom('desired')
      .where('tenant', '=', tenant)
      .select(['network_id as networkId', 'type', 'key', 'class', 'hash', 'body', 'origin']);

  return {
    /**
     * Makes `resources` the desired state of the tenant, beside what the networks of `kept` want already: anything else
     * is no longer wanted. `at`: what was not wanted like so before is since then,
     * and not since before this transaction, which readers of histories count on (P-11).
     */
    async replace(
      tenant: string,
      resources: readonly DesiredResource[],
      kept: readonly string[] = [],
      at?: Date,
    ): Promise<void> {
      // what was not wanted meanwhile is new when it comes back
      await sql`${later}delete from desired_since s where s.tenant = ${tenant} and not exists (
        select from desired d where d.tenant = s.tenant and d.network_id = s.network_id and d.type = s.type
          and d.key = s.key)`.execute(db);
      for (const table of ['desired', 'desired_network'] as const)
        await db
          .deleteFrom(table)
          .where('tenant', '=', tenant)
          .where(sql<boolean>`network_id <> all(${[...kept]}::text[])`)
          .execute();
      await this.add(tenant, resources, at);
      await sql`${later}insert into desired_revision as r (tenant, n) values (${tenant}, 1)
        on conflict (tenant) do update set n = r.n + 1`.execute(db);
    },

    /** More that is wanted, in the transaction of its `replace`. */
    async add(tenant: string, resources: readonly DesiredResource[], at?: Date): Promise<void> {
      const rows = resources.map(({ networkId, type, key, class: kind, hash, body, origin }) => ({
        ...{ tenant, network_id: networkId, type, key, class: kind, hash },
        ...{ body: JSON.stringify(body), origin: JSON.stringify(origin) },
      }));
      await inChunks(rows, (chunk) => db.insertInto('desired').values(chunk).execute());
      if (at)
        await inChunks(rows, (chunk) => {
          const texts = (name: 'network_id' | 'type' | 'key' | 'hash') =>
            sql`${chunk.map((row) => row[name])}::text[]`;
          return sql`${later}insert into desired_since as s (tenant, network_id, type, key, hash, since)
            select ${tenant}, network_id, type, key, hash, greatest(${at}::timestamptz, now())
            from unnest(${texts('network_id')}, ${texts('type')}, ${texts('key')}, ${texts('hash')})
              u (network_id, type, key, hash)
            on conflict (tenant, network_id, type, key) do update set hash = excluded.hash, since = excluded.since
            where s.hash <> excluded.hash`.execute(db);
        });
    },

    /** Notes from what the rows of networks were made. */
    async note(tenant: string, bases: readonly Basis[]): Promise<void> {
      const rows = bases.map(({ networkId, sourceHash, basis, issues }) => ({
        ...{ tenant, network_id: networkId, source_hash: sourceHash, basis, issues: JSON.stringify(issues) },
      }));
      await inChunks(rows, (chunk) => db.insertInto('desired_network').values(chunk).execute());
    },

    /** From what the rows of each network were made, as far as it is known. */
    async bases(tenant: string): Promise<Basis[]> {
      return db
        .selectFrom('desired_network')
        .where('tenant', '=', tenant)
        .select(['network_id as networkId', 'source_hash as sourceHash', 'basis', 'issues'])
        .execute();
    },

    /** Keys of the directory copies that each network wants. */
    async copies(tenant: string): Promise<Pick<DesiredResource, 'networkId' | 'key'>[]> {
      return db
        .selectFrom('desired')
        .where('tenant', '=', tenant)
        .where('class', '=', 'directory-copy')
        .select(['network_id as networkId', 'key'])
        .execute();
    },

    async list(tenant: string): Promise<DesiredResource[]> {
      const rows = await select(tenant).orderBy('network_id').orderBy('type').orderBy('key').execute();
      return rows.map((row) => ({ ...row, body: row.body as AnyResource }));
    },

    /** Bodies of one type under one of several keys, of whatever network. */
    async ofKeys(tenant: string, type: string, keys: readonly BusinessKey[]): Promise<AnyResource[]> {
      const rows = await select(tenant)
        .where('type', '=', type)
        .where(sql<boolean>`key = any(${[...keys]}::text[])`)
        .execute();
      return rows.map(({ body }) => body as AnyResource);
    },

    /** Bodies of one type that carry an extension, network by network. */
    async withExtension(
      tenant: string,
      type: string,
      url: string,
    ): Promise<Pick<DesiredResource, 'networkId' | 'type' | 'body'>[]> {
      const rows = await select(tenant)
        .where('type', '=', type)
        .where(sql<boolean>`body @> ${JSON.stringify({ extension: [{ url }] })}::jsonb`)
        .orderBy('network_id')
        .orderBy('key')
        .execute();
      return rows.map(({ networkId, body }) => ({ networkId, type, body: body as AnyResource }));
    },

    /** The rows of the given networks, types and keys, taken in parallel. */
    async find(tenant: string, asked: readonly NetworkRow[]): Promise<DesiredResource[]> {
      if (asked.length === 0) return [];
      const rows = await select(tenant).where(isAmong(asked)).execute();
      return rows.map((row) => ({ ...row, body: row.body as AnyResource }));
    },
  };
}
