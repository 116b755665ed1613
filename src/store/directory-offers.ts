/**
 * Profession and commune of roles that do not say them themselves, as the national API's: they stand with the practitioner
 * and the organisation. Kept beside the records, so that no version of a role changes when its organisation moves.
 */
import { sql } from 'kysely';
import { partitionOf } from './directory-partition.ts';
import type { Db } from './store.ts';

export type DirectoryOffersRepository = ReturnType<typeof directoryOffersRepository>;

type Of = { run: number; source: string };

/** Writing, in the transaction that applies a run, once its rows stand. */
export function directoryOffersRepository(db: Db) {
  return {
    /**
     * Brings the offers to what is held: of the roles that the run touched, by itself or by their practitioner or
     * organisation, whatever the source; of all roles after a `firstLoad`, or when a source was never looked at. `systems`:
     * of professions.
     */
    async refresh({ run, source }: Of, systems: readonly string[], firstLoad: boolean): Promise<void> {
      // runs of two sources at once: the later one is to see what the earlier one wrote
      await sql`lock table directory_offer in share row exclusive mode`.execute(db);
      const { rows } = await sql`select from directory_source where not offered`.execute(db);
      if (firstLoad || rows.length > 0) {
        await sql`delete from directory_offer`.execute(db);
        await add(systems);
        await sql`analyze directory_offer`.execute(db);
        await sql`update directory_source set offered = true where not offered`.execute(db);
        return;
      }
      const part = partitionOf(source);
      const { rows: changed } = await sql`select from ${part} where changed_run = ${run} limit 1`.execute(db);
      if (changed.length === 0) return;
      await sql`
        create temporary table directory_touched on commit drop as
        with touched as materialized (
          select kind, key from ${part} where changed_run = ${run} and kind in ('PractitionerRole', 'Practitioner', 'Organization')
          union
          select 'Organization', organization from ${part} where changed_run = ${run} and kind = 'Location'
          union
          select 'Organization', before ->> 'organization' from directory_history
          where run = ${run} and source = ${source} and kind = 'Location')
        select ${source}::text as source, key from touched where kind = 'PractitionerRole'
        union
        select r.source, r.key from touched t join directory_record r
          on r.practitioner = t.key and r.kind = 'PractitionerRole' where t.kind = 'Practitioner'
        union
        select r.source, r.key from touched t join directory_record r
          on r.organization = t.key and r.kind = 'PractitionerRole' where t.kind = 'Organization'`.execute(
        db,
      );
      await sql`analyze directory_touched`.execute(db);
      await sql`
        delete from directory_offer f using directory_touched t where f.source = t.source and f.key = t.key`.execute(
        db,
      );
      await add(systems, sql`join directory_touched t on t.source = r.source and t.key = r.key`);
    },
  };

  /**
   * What its own source says goes first, then what the source that ranks first says. An organisation without address is
   * where its locations are, when they are in one commune.
   */
  async function add(systems: readonly string[], some = sql``): Promise<void> {
    const first = sql`order by q.source = r.source desc, q_source.rank limit 1`;
    const rows = sql`directory_record q join directory_source q_source on q_source.id = q.source`;
    await sql`
      insert into directory_offer (source, key, profession, commune, codes, practitioner, organization)
      select r.source, r.key, w.profession, coalesce(r.commune, o.commune, l.commune),
        (select array_agg(distinct c) from unnest(r.codes || p.codes) c), r.practitioner, r.organization
      from directory_record r ${some}
      left join lateral (
        select q.codes from ${rows}
        where r.profession is null and q.kind = 'Practitioner' and q.key = r.practitioner and q.codes is not null
        ${first}) p on true
      cross join lateral (
        select r.profession where r.profession is not null
        union
        select substr(c, length(system) + 2) from unnest(p.codes) c
        join unnest(${[...systems]}::text[]) system on starts_with(c, system || '|')) w (profession)
      left join lateral (
        select q.commune from ${rows}
        where r.commune is null and q.kind = 'Organization' and q.key = r.organization and q.commune is not null
        ${first}) o on true
      left join lateral (
        select min(q.commune) as commune from directory_record q
        where r.commune is null and o.commune is null and q.kind = 'Location' and q.organization = r.organization
          and q.state = 'active'
        having count(distinct q.commune) = 1) l on true
      where r.kind = 'PractitionerRole' and r.state = 'active'
        and (r.profession is null and r.practitioner is not null or r.commune is null and r.organization is not null)
        and coalesce(r.commune, o.commune, l.commune) is not null`.execute(db);
  }
}
