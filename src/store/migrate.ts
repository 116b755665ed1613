/** Brings a database to the tables of this release. */
import { sql, type Kysely } from 'kysely';
import { Migrator, type Migration } from 'kysely/migration';
import { GatewayError } from '../fhir/error.ts';
import { databaseFailure } from './database-failure.ts';
import { migrations } from './migrations/index.ts';
import type { Tables } from './schema.ts';

const oldestServer = 150_000;
/** Any constant of ours: gateways that start together take this lock one after the other. */
const migrationLock = 7_277_001;

/**
 * Runs the migrations that this database lacks, all in one transaction, and answers their names; safe when several
 * gateways start together. Throws a GatewayError (`unavailable`, French) when the database cannot be used.
 */
export async function migrate(db: Kysely<Tables>): Promise<string[]> {
  try {
    return await db.connection().execute(async (one) => {
      await refuseUnusable(one);
      await sql`select pg_advisory_lock(${migrationLock})`.execute(one);
      try {
        return await run(one);
      } finally {
        await sql`select pg_advisory_unlock(${migrationLock})`.execute(one);
      }
    });
  } catch (error) {
    throw databaseFailure(error);
  }
}

async function run(db: Kysely<Tables>): Promise<string[]> {
  const migrator = new Migrator({ db, provider: { getMigrations: () => Promise.resolve(known) } });
  await refuseNewer(db);
  const { error, results } = await migrator.migrateToLatest();
  if (error) throw error as Error;
  return (results ?? []).map((result) => result.migrationName);
}

const known: Record<string, Migration> = Object.fromEntries(
  Object.entries(migrations).map(([name, text]) => [
    name,
    { up: async (db) => void (await sql.raw(text).execute(db)) },
  ]),
);

async function refuseUnusable(db: Kysely<Tables>): Promise<void> {
  const { rows } = await sql<{ version: number; readonly: string }>`
    select current_setting('server_version_num')::int as version,
           current_setting('transaction_read_only') as readonly`.execute(db);
  const { version, readonly } = rows[0]!;
  if (version < oldestServer) {
    throw unusable(
      `PostgreSQL ${Math.floor(version / 10_000)} est trop ancien : la passerelle demande la version 15 ou plus.`,
    );
  }
  if (readonly === 'on')
    throw unusable('La base de données est en lecture seule (réplique ou bascule en cours ?).');
}

async function refuseNewer(db: Kysely<Tables>): Promise<void> {
  const { rows: found } = await sql<{ table: string | null }>`
    select to_regclass('kysely_migration')::text as table`.execute(db);
  if (!found[0]?.table) return;
  const { rows } = await sql<{ name: string }>`select name from kysely_migration`.execute(db);
  const unknown = rows.map((row) => row.name).filter((name) => !(name in migrations));
  if (unknown.length === 0) return;
  throw unusable(
    `La base de données vient d’une version plus récente de la passerelle (${unknown.join(', ')}) : mettez la passerelle à jour.`,
  );
}

function unusable(message: string): GatewayError {
  return new GatewayError({ category: 'unavailable', side: 'gateway', retryable: false, message });
}
