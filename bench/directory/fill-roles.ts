/** A held directory of any size for the nearest-offer search: communes, people, structures and their roles. */
import { sql } from 'kysely';
import type { Store } from '../../src/store/store.ts';

export const communes = 35_000;
/** Professions by code, each with its share of the roles in percent. */
export const professions = ['60', '10', '70', '21', '95', '69'] as const;
export const speciality = 'sys|SM62';

/** Fills one source. Like in life most communes have nobody of a profession and some have thousands. */
export async function fillRoles({ db }: Pick<Store, 'db'>, roles: number): Promise<void> {
  await sql`select setseed(0.42)`.execute(db);
  await sql`insert into directory_source (id, kind, rank, as_of, last_run) values ('bench', 'extract', 0, now(), 1)`.execute(
    db,
  );
  await sql`create table directory_record_bench partition of directory_record for values in ('bench')`.execute(
    db,
  );
  await sql`insert into directory_place (commune, lat, lon, establishments)
    select lpad(n::text, 5, '0'), 42.5 + 8.5 * random(), -4.5 + 12.5 * random(), 1
    from generate_series(0, ${communes} - 1) n`.execute(db);
  const insert = (columns: string, select: string) =>
    sql.raw(`insert into directory_record (source, state, hash, form, created_run, changed_run, ${columns})
      select 'bench', 'active', '\\x00', 'fhir', 1, 1, ${select}`);
  await insert(
    'kind, key, name',
    `'Practitioner', 'P' || n, 'Personne ' || n from generate_series(1, ${(roles * 6) / 10}) n`,
  ).execute(db);
  await insert(
    'kind, key, name',
    `'Organization', 'F' || n, 'Structure ' || n from generate_series(1, ${roles / 5}) n`,
  ).execute(db);
  const list = professions.map((code) => `'${code}'`).join(',');
  await insert(
    'kind, key, practitioner, organization, profession, codes, commune, name',
    `'PractitionerRole', 'X' || n, 'P' || (1 + n % ${(roles * 6) / 10}), 'F' || (1 + n % ${roles / 5}),
      (array[${list}])[1 + floor(${professions.length} * random() * random())::int],
      case when n % 50 = 0 then array['${speciality}'] else array['sys|SM54'] end,
      lpad(floor(${communes} * random() ^ 3)::int::text, 5, '0'), 'Personne ' || n
      from generate_series(1, ${roles}) n`,
  ).execute(db);
  // as a directory stands in the morning: read once, and on disk
  await sql`vacuum analyze`.execute(db);
  await sql`checkpoint`.execute(db);
}
