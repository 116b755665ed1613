/**
 * Desired against deployed at one server, by hash, in the database: only what differs leaves it, and without bodies, so
 * that planning ten changes among a hundred thousand resources costs a join and ten rows.
 */
import { type RawBuilder, sql } from 'kysely';
import type { BusinessKey } from '../fhir/key.ts';
import type { Db } from './store.ts';

/** A resource that a network wants and that is not stored yet: enough of it to compare. */
export type StagedResource = {
  networkId: string;
  type: string;
  key: BusinessKey;
  class: 'owned' | 'directory-copy';
  hash: string;
};

export type ComparisonRequest = {
  tenant: string;
  /** Tenant of what all tenants share. */
  shared: string;
  serverId: string;
  /** Networks whose stored desired rows count, and those whose held rows count. */
  desired: readonly string[];
  held: readonly string[];
  staged: readonly StagedResource[];
  /** Limits the answer to what these networks want or need; absent: all. */
  concerned?: readonly string[];
  /** `Type key` of what is told whatever the comparison says. */
  always: readonly string[];
  /** Tell also the directory copies that are known to be the server's own. */
  foreignToo: boolean;
};

/** What networks want of one resource. The first network's words count. */
export type ComparedWish = {
  class: 'owned' | 'directory-copy';
  hash: string;
  /** Sorted. */
  networks: string[];
};

/** The deployed row, without body. `networks` as stored; `needers` are the tenant's own among them. */
export type ComparedRow = {
  tenant: string;
  class: 'owned' | 'directory-copy' | 'adopted';
  hash: string;
  active: boolean;
  networks: string[];
  needers: string[];
};

export type Compared = {
  type: string;
  key: BusinessKey;
  wish: ComparedWish | null;
  row: ComparedRow | null;
  /** The server's own resource that we point to instead of a copy. */
  foreign: { tenant: string; localId: string } | null;
};

export type Comparison = {
  /** By type and key. */
  differing: Compared[];
  /** How many are as they should be, by the first network that wants them. */
  unchanged: Record<string, number>;
  /** Resources in use that we have there; of what is shared, those that the tenant needs. */
  inUse: number;
  /** Resources that networks word differently, at most a hundred; `winner` is published. */
  disagreements: { type: string; key: BusinessKey; winner: string; other: string }[];
};

export type ComparisonRepository = ReturnType<typeof comparisonRepository>;

/** Comparison, on the pool or in a transaction. */
export function comparisonRepository(db: Db) {
  return {
    /**
     * First one pass over all that settles what one network wants and has; then the whole truth about the rest:
     * differences, and what several networks want.
     */
    async compare(asked: ComparisonRequest): Promise<Comparison> {
      const { rows } = await sql<Settled>`
        select network_id as network, count(*) filter (where settled) as settled,
          coalesce(array_agg(type) filter (where not settled), '{}') as types,
          coalesce(array_agg(key) filter (where not settled), '{}') as keys
        from (
          select coalesce(s.type, d.type) as type, coalesce(s.key, d.key) as key, s.network_id,
            ${settled(asked)} as settled
          from (${said(asked)}) s
          full join (${deployedAt(asked)}) d on d.type = s.type and d.key = s.key) pair
        group by network_id`.execute(db);
      const open = { types: rows.flatMap((row) => row.types), keys: rows.flatMap((row) => row.keys) };
      const rest = await judge(db, asked, open);
      const unchanged = { ...rest.unchanged };
      for (const { network, settled: count } of rows) {
        if (network === null || (asked.concerned && !asked.concerned.includes(network))) continue;
        const number = count - (rest.twice[network] ?? 0) + (unchanged[network] ?? 0);
        if (number > 0) unchanged[network] = number;
      }
      return { ...rest, unchanged };
    },

    /**
     * A digest of what is deployed at a server for the given networks (all when absent): another one means that
     * something was written, closed or handed over there.
     */
    async digest(
      asked: Pick<ComparisonRequest, 'tenant' | 'shared' | 'serverId' | 'concerned'>,
    ): Promise<string> {
      const { tenant, concerned } = asked;
      const names = concerned && [...concerned, ...concerned.map((one) => `${tenant}/${one}`)];
      const content = sql`concat_ws(chr(10), type, key, hash, active)`; // a sum: whatever the order of the rows
      const { rows } = await sql<{ digest: string }>`
        select concat_ws('-', count(*), sum(hashtextextended(${content}, 1)), sum(hashtextextended(${content}, 2)))
          as digest
        from (${deployedAt(asked)}) d
        where ${names ?? null}::text[] is null or networks && ${names ?? null}::text[]`.execute(db);
      return rows[0]!.digest;
    },
  };
}

type Settled = { network: string | null; settled: number; types: string[]; keys: string[] };
type Place = Pick<ComparisonRequest, 'tenant' | 'shared' | 'serverId'>;

const texts = (values: readonly string[]) => sql`${[...values]}::text[]`;

/** One row for each resource and network that wants it. */
function said({ tenant, serverId, desired, held, staged }: ComparisonRequest): RawBuilder<unknown> {
  return sql`
    select network_id, type, key, class, hash from desired
      where tenant = ${tenant} and network_id = any(${texts(desired)})
    union all
    select network_id, type, key, class, hash from held
      where tenant = ${tenant} and server_id = ${serverId} and network_id = any(${texts(held)})
    union all
    select * from unnest(
      ${texts(staged.map((one) => one.networkId))}, ${texts(staged.map((one) => one.type))},
      ${texts(staged.map((one) => one.key))}, ${texts(staged.map((one) => one.class))},
      ${texts(staged.map((one) => one.hash))}) x(network_id, type, key, class, hash)`;
}

function deployedAt({ tenant, shared, serverId }: Place): RawBuilder<unknown> {
  return sql`
    select type, key, tenant, class, hash, active, networks from deployed
    where tenant in (${tenant}, ${shared}) and server_id = ${serverId}`;
}

/** Wanted by one network and deployed so, for that network alone; or wanted by none and closed. */
function settled({ tenant, shared }: Place): RawBuilder<boolean> {
  return sql`case
    when s.key is null then not d.active
    when d.key is null then false
    else d.hash = s.hash and d.networks = array[
      case when d.tenant = ${shared} then ${`${tenant}/`} || s.network_id else s.network_id end] end`;
}

/** All about the given resources. `twice`: those of them that the first pass took for settled, by network. */
async function judge(
  db: Db,
  asked: ComparisonRequest,
  open: { types: string[]; keys: string[] },
): Promise<Comparison & { twice: Record<string, number> }> {
  const { tenant, shared, serverId, always } = asked;
  const concerned = asked.concerned ? texts(asked.concerned) : sql`null::text[]`;
  const pending = always.map((name) => ({
    type: name.split(' ', 1)[0]!,
    key: name.slice(name.indexOf(' ') + 1),
  }));
  const types = [...open.types, ...pending.map((one) => one.type)];
  const keys = [...open.keys, ...pending.map((one) => one.key)];
  const { rows } = await sql<Comparison & { twice: Record<string, number> }>`
    with open as materialized (
      select distinct type, key, type || ' ' || key = any(${texts(always)}) as told
      from unnest(${texts(types)}, ${texts(keys)}) x(type, key)),
    voices as materialized (
      select s.* from (${said(asked)}) s join open o on o.type = s.type and o.key = s.key),
    wished as (
      select type, key, (array_agg(class order by network_id collate "C"))[1] as class,
        array_agg(hash order by network_id collate "C") as hashes,
        array_agg(network_id order by network_id collate "C") as networks
      from voices group by type, key),
    there as materialized (
      select d.*, case when tenant = ${shared} then array(
          select substr(one, ${tenant.length + 2}::int) from unnest(networks) one
          where starts_with(one, ${`${tenant}/`}))
        else networks end as needers
      from (${deployedAt(asked)}) d join open o on o.type = d.type and o.key = d.key),
    joined as (
      select o.type, o.key, o.told, w.class as wished_class, w.hashes, w.networks as wished_by,
        t.tenant, t.class, t.hash, t.active, t.networks, t.needers,
        f.tenant as foreign_tenant, f.local_id as foreign_id
      from open o
      left join wished w on w.type = o.type and w.key = o.key
      left join there t on t.type = o.type and t.key = o.key
      left join reference f on w.class = 'directory-copy' and t.key is null and f.tenant in (${tenant}, ${shared})
        and f.server_id = ${serverId} and f.type = o.type and f.key = o.key and not f.ours
      where w.key is not null or t.key is not null),
    judged as materialized (
      select *, told or case
        when wished_by is null then active and (tenant <> ${shared} or needers <> '{}')
        when tenant is null then foreign_id is null or ${asked.foreignToo}
        else hash <> hashes[1] or needers <> wished_by
      end as differs
      from joined
      where told or ${concerned} is null or coalesce(wished_by, needers) && ${concerned})
    select
      (select coalesce(jsonb_object_agg(network, number), '{}') from (
        select wished_by[1] as network, count(*) as number from judged
        where not differs and wished_by is not null group by 1) n) as unchanged,
      (select coalesce(jsonb_object_agg(network_id, number), '{}') from (
        select s.network_id, count(*) as number from voices s
        join there d on d.type = s.type and d.key = s.key where ${settled(asked)} group by 1) n) as twice,
      (select count(*) from (${deployedAt(asked)}) d where active
        and (tenant <> ${shared} or exists (
          select from unnest(networks) one where starts_with(one, ${`${tenant}/`})))) as "inUse",
      (select coalesce(json_agg(json_build_object(
        'type', type, 'key', key, 'winner', wished_by[1], 'other', other)), '[]')
        from (select type, key, wished_by, (select n from unnest(hashes, wished_by) x(h, n)
            where h <> hashes[1] limit 1) as other
          from judged where cardinality(hashes) > 1 and hashes[1] <> any(hashes) limit 100) d) as disagreements,
      (select coalesce(json_agg(json_build_object(
        'type', type, 'key', key,
        'wish', case when wished_by is null then null else json_build_object(
          'class', wished_class, 'hash', hashes[1], 'networks', wished_by) end,
        'row', case when tenant is null then null else json_build_object(
          'tenant', tenant, 'class', class, 'hash', hash, 'active', active,
          'networks', networks, 'needers', needers) end,
        'foreign', case when foreign_id is null then null else json_build_object(
          'tenant', foreign_tenant, 'localId', foreign_id) end)
        order by type collate "C", key collate "C"), '[]')
      from judged where differs) as differing`.execute(db);
  return rows[0]!;
}
