/** What `/fhir` serves: reads, searches and histories over what was published and what was exchanged, one tenant at a time. */
import { sql } from 'kysely';
import type { BusinessKey } from '../fhir/key.ts';
import type { AnyResource } from '../fhir/types.ts';
import { conditionOf, type ServedCriterion } from './served-criteria.ts';
import { type ServedSource, sourceOf, type Viewer } from './served-sources.ts';
import { kept } from './kept-statements.ts';
import type { Db } from './store.ts';

/** A version of a resource as it is stored: references of published ones are still business keys. */
export type ServedVersion = { id: string; versionId: string; lastUpdated: Date; body: AnyResource };

/** Place in a history, after which the next page begins. */
export type HistoryPlace = { at: string; id: string; seq: number };

export type ServedRepository = ReturnType<typeof servedRepository>;

type Row = { id: string; version: string; last_updated: Date; body: Record<string, unknown> };

/** What may be read by whom; nothing of another tenant is ever found. */
export function servedRepository(db: Db) {
  return {
    /** The current version, or the one named; undefined when the viewer may not see it or it does not exist. */
    async read(
      viewer: Viewer,
      source: ServedSource,
      type: string,
      id: string,
      version?: string,
    ): Promise<ServedVersion | undefined> {
      const rows = sourceOf(source, viewer, type, version === undefined ? 'current' : 'all');
      const wanted = version === undefined ? sql`true` : sql`version = ${version}`;
      const found = await sql<Row>`${kept}select * from (${rows}) s where id = ${id} and ${wanted}`.execute(
        db,
      );
      return found.rows[0] && versionOf(found.rows[0]);
    },

    /** Current versions that meet every criterion, by id, after `after`; how many in all when asked. */
    async search(
      viewer: Viewer,
      source: ServedSource,
      type: string,
      asked: { criteria: readonly ServedCriterion[]; after?: string; limit: number; count: boolean },
    ): Promise<{ versions: ServedVersion[]; total: number | undefined }> {
      const rows = sourceOf(source, viewer, type, 'current');
      const conditions = sql.join([sql`true`, ...asked.criteria.map(conditionOf)], sql` and `);
      const total = asked.count
        ? await sql<{ total: number }>`select count(*) as total from (${rows}) s where ${conditions}`.execute(
            db,
          )
        : undefined;
      const page = await sql<Row>`${kept}
        select * from (${rows}) s where ${conditions} and id > ${asked.after ?? ''}
        order by id limit ${asked.limit}`.execute(db);
      return { versions: page.rows.map(versionOf), total: total?.rows[0]?.total };
    },

    /** Versions of a type, or of one resource, newest first, each with the place to go on from. */
    async history(
      viewer: Viewer,
      source: ServedSource,
      type: string,
      asked: { id?: string; since?: Date; after?: HistoryPlace; limit: number },
    ): Promise<(ServedVersion & { place: HistoryPlace })[]> {
      const rows = sourceOf(source, viewer, type, 'all');
      const conditions = [
        asked.id === undefined ? sql`true` : sql`id = ${asked.id}`,
        asked.since ? sql`last_updated >= ${asked.since}` : sql`true`,
        asked.after
          ? sql`(last_updated, id, seq) < (${asked.after.at}::timestamptz, ${asked.after.id}, ${asked.after.seq})`
          : sql`true`,
      ];
      const page = await sql<Row & { seq: number; at: string }>`
        select *, last_updated::text as at from (${rows}) s where ${sql.join(conditions, sql` and `)}
        order by last_updated desc, id desc, seq desc limit ${asked.limit}`.execute(db);
      return page.rows.map((row) => ({
        ...versionOf(row),
        place: { at: row.at, id: row.id, seq: row.seq },
      }));
    },

    /** Business key of a published resource of the tenant by its logical id. */
    async keyOf(tenant: string, type: string, id: string): Promise<BusinessKey | undefined> {
      const found = await db
        .selectFrom('desired')
        .where('tenant', '=', tenant)
        .where('type', '=', type)
        .where(
          sql<boolean>`'pas-' || left(encode(sha256(convert_to(type || chr(10) || key, 'UTF8')), 'hex'), 32) = ${id}`,
        )
        .select('key')
        .executeTakeFirst();
      return found?.key;
    },
  };
}

function versionOf(row: Row): ServedVersion {
  return {
    id: row.id,
    versionId: row.version,
    lastUpdated: row.last_updated,
    body: row.body as AnyResource,
  };
}
