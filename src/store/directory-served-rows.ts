/** Rows of the held directory as `/fhir` shows them: one a record, of the source that ranks first, nothing that is published too. */
import { type RawBuilder, sql } from 'kysely';
import { kept } from './kept-statements.ts';
import type { Db } from './store.ts';

/** A record, or an earlier version of it. Keys and links are short (src/directory/keys.ts). */
export type HeldVersion = {
  id: string;
  /** The run that made it is its version. */
  run: number;
  lastUpdated: Date;
  source: string;
  kind: string;
  key: string;
  state: string;
  form: string;
  content: string | null;
  practitioner: string | null;
  organization: string | null;
  part_of: string | null;
};

/** What hides rows: the tenant's own publications, and sources that rank before. */
export type HeldView = { tenant: string; sources: readonly string[] };

/** The sources, first that ranks first. */
export async function rankedSources(db: Db): Promise<string[]> {
  const { rows } = await sql<{
    id: string;
  }>`${kept}select id from directory_source order by rank, id`.execute(db);
  return rows.map(({ id }) => id);
}

/** Columns of a version, of a row `alias` and its run `ru`. */
export function heldColumns(alias: string): RawBuilder<unknown> {
  const row = sql.ref(alias);
  return sql`directory_id(${row}.kind, ${row}.key) as id, ${row}.changed_run as run,
    coalesce(ru.finished_at, ru.started_at) as "lastUpdated", ${row}.source, ${row}.kind, ${row}.key, ${row}.state,
    ${row}.form, ${row}.content, ${row}.practitioner, ${row}.organization, ${row}.part_of`;
}

/**
 * True of a row that the view shows. What no source ever showed has no content and is not there to be read; `until` leaves out of the
 * ranking what a run after it brought, so that pages of a history go on as they began.
 */
export function isShown(alias: string, view: HeldView, until?: number): RawBuilder<boolean> {
  const row = sql.ref(alias);
  const { sources, tenant } = view;
  const ranked =
    sources.length < 2
      ? sql`true`
      : sql`not exists (select from directory_record better
          where better.kind = ${row}.kind and better.key = ${row}.key and better.content is not null
            and array_position(${sources}::text[], better.source) < array_position(${sources}::text[], ${row}.source)
            ${until === undefined ? sql`` : sql`and better.created_run <= ${until}`})`;
  return sql<boolean>`${row}.content is not null and ${ranked} and not exists (select from desired d
    where d.tenant = ${tenant} and d.type = ${row}.kind and d.key = directory_long_key(${row}.key))`;
}
