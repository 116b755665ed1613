/** The store: repositories bound to the pool, or to one transaction inside `transaction`. */
import { randomUUID } from 'node:crypto';
import { Kysely, PostgresDialect, type Transaction } from 'kysely';
import pg from 'pg';
import { assertionsRepository } from './assertions.ts';
import { auditRepository } from './audit.ts';
import { backlogRepository } from './backlog.ts';
import { candidatesRepository } from './candidates.ts';
import { circlesRepository } from './circles.ts';
import { clinicalRepository } from './clinical.ts';
import { comparisonRepository } from './comparison.ts';
import { deployedRepository } from './deployed.ts';
import { desiredRepository } from './desired.ts';
import { directoryRepository } from './directory.ts';
import { directoryMatchRepository } from './directory-match.ts';
import { directoryNearestRepository } from './directory-nearest.ts';
import { directorySearchRepository } from './directory-search.ts';
import { directoryApplyRepository } from './directory-apply.ts';
import { type DirectoryBulk, directoryBulk } from './directory-bulk.ts';
import { directoryCompareRepository } from './directory-compare.ts';
import { directoryFirstLoadRepository } from './directory-first-load.ts';
import { directoryOffersRepository } from './directory-offers.ts';
import { directoryReportsRepository } from './directory-reports.ts';
import { directoryRunRecordsRepository } from './directory-run-records.ts';
import { directoryRunsRepository } from './directory-runs.ts';
import { directoryServedRepository } from './directory-served.ts';
import { directorySuccessionRepository } from './directory-succession.ts';
import { directoryUndoRepository } from './directory-undo.ts';
import { documentsRepository } from './documents.ts';
import { findingTolerancesRepository } from './finding-tolerances.ts';
import { findingsRepository } from './findings.ts';
import { holdsRepository } from './holds.ts';
import { intakeRepository } from './intake.ts';
import { jobsRepository } from './jobs.ts';
import { leasesRepository } from './leases.ts';
import { createAnnouncer } from './announcer.ts';
import { listen } from './listen.ts';
import { networksRepository } from './networks.ts';
import { outboxChannel, outboxRepository } from './outbox.ts';
import { probesRepository } from './probes.ts';
import { protocolsRepository } from './protocols.ts';
import { readersRepository } from './readers.ts';
import { receiptsRepository } from './receipts.ts';
import { referencesRepository } from './references.ts';
import { referralsRepository } from './referrals.ts';
import { runsRepository } from './runs.ts';
import { subscriptionsRepository } from './subscriptions.ts';
import type { Tables } from './schema.ts';
import { servedRepository } from './served.ts';
import { settingsRepository } from './settings.ts';
import { tellingPool } from './telling-pool.ts';

/** What repositories run on: the pool or a transaction. */
export type Db = Kysely<Tables> | Transaction<Tables>;

/** All repositories, one file a table family; each file exports its type and its factory. */
export type Repositories = ReturnType<typeof repositories>;

/** Repositories and what only the whole database can do. */
export type Store = Repositories & {
  /** Runs `work` in one transaction: committed when it resolves, rolled back when it throws. */
  transaction<T>(work: (tx: Repositories) => Promise<T>): Promise<T>;
  /** Runs `work` on one unmoving picture of the database (REPEATABLE READ); it writes nothing. */
  snapshot<T>(work: (tx: Repositories) => Promise<T>): Promise<T>;
  /** Calls back whenever some gateway commits new outbox items; answers the way to stop listening. */
  onOutbox(wake: () => void): Promise<() => Promise<void>>;
  /** Resolves when the database answers. */
  ping(): Promise<void>;
  /** COPY of the held directory, on connections of its own. */
  readonly directoryBulk: DirectoryBulk;
  readonly db: Kysely<Tables>;
  close(): Promise<void>;
};

function repositories(db: Db, announce: () => void) {
  return {
    db,
    assertions: assertionsRepository(db),
    audit: auditRepository(db),
    backlog: backlogRepository(db),
    candidates: candidatesRepository(db),
    circles: circlesRepository(db),
    clinical: clinicalRepository(db),
    comparison: comparisonRepository(db),
    deployed: deployedRepository(db),
    desired: desiredRepository(db),
    directory: directoryRepository(db),
    directoryMatch: directoryMatchRepository(db),
    directoryNearest: directoryNearestRepository(db),
    directorySearch: directorySearchRepository(db),
    directoryApply: directoryApplyRepository(db),
    directoryCompare: directoryCompareRepository(db),
    directoryFirstLoad: directoryFirstLoadRepository(db),
    directoryOffers: directoryOffersRepository(db),
    directoryReports: directoryReportsRepository(db),
    directoryRunRecords: directoryRunRecordsRepository(db),
    directoryRuns: directoryRunsRepository(db),
    directoryServed: directoryServedRepository(db),
    directorySuccession: directorySuccessionRepository(db),
    directoryUndo: directoryUndoRepository(db),
    documents: documentsRepository(db),
    findings: findingsRepository(db),
    findingTolerances: findingTolerancesRepository(db),
    holds: holdsRepository(db),
    intake: intakeRepository(db),
    jobs: jobsRepository(db),
    leases: leasesRepository(db),
    networks: networksRepository(db),
    outbox: outboxRepository(db, announce),
    probes: probesRepository(db),
    protocols: protocolsRepository(db),
    readers: readersRepository(db),
    receipts: receiptsRepository(db),
    references: referencesRepository(db),
    referrals: referralsRepository(db),
    runs: runsRepository(db),
    served: servedRepository(db),
    settings: settingsRepository(db),
    subscriptions: subscriptionsRepository(db),
  };
}

const bigint = 20;

/** Opens a store on a database whose migrations have run. `url` is a PostgreSQL connection string. */
export function openStore(url: string, maxConnections = 10): Store {
  pg.types.setTypeParser(bigint, Number);
  const pool = new pg.Pool({ connectionString: url, max: maxConnections, pipeline: true });
  // COPY holds its connection: nothing may be sent behind it.
  const bulkPool = new pg.Pool({ connectionString: url, max: maxConnections });
  for (const one of [pool, bulkPool]) one.on('error', () => undefined); // an idle connection died: the next query opens another or says why it cannot
  bulkPool.on('connect', (client) => void client.on('error', () => undefined)); // one in use died: its COPY says so, and unheard it would end the process
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: tellingPool(pool) }) });
  const own = randomUUID();
  const announcer = createAnnouncer(() => pool.query('select pg_notify($1, $2)', [outboxChannel, own]));
  return {
    ...repositories(db, announcer.say),
    db,
    async transaction(work) {
      let added = false;
      const done = await db.transaction().execute((tx) => work(repositories(tx, () => (added = true))));
      if (added) announcer.say();
      return done;
    },
    snapshot: (work) =>
      db
        .transaction()
        .setIsolationLevel('repeatable read')
        .setAccessMode('read only')
        .execute((tx) => work(repositories(tx, announcer.say))),
    directoryBulk: directoryBulk(bulkPool),
    async onOutbox(wake) {
      const unhear = announcer.hear(wake);
      const unlisten = await listen(url, own, wake).catch((error: unknown) => {
        unhear();
        throw error;
      });
      return () => {
        unhear();
        return unlisten();
      };
    },
    ping: async () => void (await pool.query('select 1')),
    async close() {
      await announcer.end();
      await Promise.all([db.destroy(), bulkPool.end()]);
    },
  };
}
