/** A source's first load: its rows fill a table that no reader sees and no index slows; indexes and attachment come last. */
import pg from 'pg';
import { type RawBuilder, sql } from 'kysely';
import { partitionName, partitionOf } from './directory-partition.ts';
import { type AmbiguousKey, pickRecords } from './directory-pick.ts';
import { inChunks } from './in-chunks.ts';
import type { Db } from './store.ts';

export type DirectoryFirstLoadRepository = ReturnType<typeof directoryFirstLoadRepository>;

/** The first load's steps. Each can be repeated after a crash; only `attach` makes anything visible. */
export function directoryFirstLoadRepository(db: Db) {
  return {
    /** The table to fill. Its check spares the attachment a scan. */
    async prepare(source: string): Promise<void> {
      const check = sql.raw(pg.escapeLiteral(source));
      await sql`
        create table if not exists ${partitionOf(source)}
          (like directory_record including defaults, constraint of_source check (source = ${check}))`.execute(
        db,
      );
    },

    /** One row a key. Keys with several contents and none preferable are told and not held (P-3). */
    async pick(source: string): Promise<AmbiguousKey[]> {
      const part = partitionOf(source);
      const ambiguous = await pickRecords(db, part, sql`true`);
      await inChunks(
        ambiguous,
        (chunk) =>
          sql`
            delete from ${part} s
            using unnest(${chunk.map(({ kind }) => kind)}::text[], ${chunk.map(({ key }) => key)}::text[]) k (kind, key)
            where s.kind = k.kind and s.key = k.key`.execute(db),
        5000,
      );
      return ambiguous;
    },

    /** False when a key is there twice: `pick` first. */
    async buildKey(source: string): Promise<boolean> {
      const { rows } = await sql`
        select from pg_constraint where conrelid = to_regclass(${partitionName(source)}) and contype = 'p'`.execute(
        db,
      );
      if (rows.length > 0) return true;
      try {
        await building(sql`alter table ${partitionOf(source)} add primary key (kind, key, source)`);
        return true;
      } catch (error) {
        if ((error as { code?: string }).code === uniqueViolation) return false;
        throw error;
      }
    },

    /** Statements that make the indexes of `directory_record` for this table; those that are there do nothing. */
    async indexes(source: string): Promise<string[]> {
      const { rows } = await sql<{ name: string; text: string }>`
        select i.relname as name, pg_get_indexdef(i.oid) as text
        from pg_index x join pg_class i on i.oid = x.indexrelid
        where x.indrelid = 'directory_record'::regclass and not x.indisprimary order by i.relname`.execute(
        db,
      );
      return rows.map(({ name, text }, index) => {
        const using = text.slice(text.indexOf(' USING '));
        const own = pg.escapeIdentifier(
          `${partitionName(source)}_${index}_${name.replace('directory_record_', '')}`,
        );
        return `create index if not exists ${own} on ${pg.escapeIdentifier(partitionName(source))}${using}`;
      });
    },

    async buildIndex(statement: string): Promise<void> {
      await building(sql.raw(statement));
    },

    /** How many records of each kind and state it would hold. */
    async counts(source: string): Promise<{ kind: string; state: string; count: number }[]> {
      const { rows } = await sql<{ kind: string; state: string; count: number }>`
        select kind, state, count(*)::int as count from ${partitionOf(source)}
        group by kind, state order by kind, state`.execute(db);
      return rows;
    },

    /** Readers see it from now on. */
    async attach(source: string): Promise<void> {
      const part = partitionOf(source);
      const value = sql.raw(pg.escapeLiteral(source));
      await sql`alter table directory_record attach partition ${part} for values in (${value})`.execute(db);
      await sql`alter table ${part} drop constraint if exists of_source`.execute(db);
    },

    /** Statistics; `links`: only of what resolving links compares, without which it would compare all with all. */
    async analyze(source: string, links = false): Promise<void> {
      const columns = links ? sql`(kind, state, remote_id, practitioner, organization, part_of)` : sql``;
      await sql`analyze ${partitionOf(source)} ${columns}`.execute(db);
    },
  };

  /** Sorts of an index of millions in memory, for this statement alone. */
  async function building(statement: RawBuilder<unknown>): Promise<void> {
    await db.transaction().execute(async (tx) => {
      await sql`select set_config('maintenance_work_mem', ${sortMemory}, true)`.execute(tx);
      await statement.execute(tx);
    });
  }
}

const sortMemory = '192MB';

const uniqueViolation = '23505';
