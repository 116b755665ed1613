/** The held directory by the million: pages come in and hashes go out by COPY, on connections of their own. */
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { GatewayError } from '../fhir/error.ts';
import type { Issue } from '../fhir/issue.ts';
import type { Json } from '../fhir/types.ts';
import { databaseFailure, isDatabaseFailure } from './database-failure.ts';
import { copyConstant, copyLine, type StagedRecord } from './directory-lines.ts';
import { partitionName, recordColumns } from './directory-partition.ts';

/** Where a run's pages go: the stage, or for a first load straight into the table that becomes the partition. */
export type PageTarget = {
  run: number;
  source: string;
  firstLoad: boolean;
  lease: { name: string; fence: number };
};

export type NewPage = {
  seq: number;
  checkpoint: Json;
  digest: string;
  rows: number;
  tally: Json;
  issues: readonly Issue[];
  seen: Buffer;
};

export type DirectoryBulk = {
  /** Records and page in one transaction, under the fence. Throws `conflict` when the lease is another's. */
  commitPage(target: PageTarget, records: readonly StagedRecord[], page: NewPage): Promise<void>;
  /** Hashes (16 bytes) of what a source holds and may show again; `missed`: its last complete run did not. */
  heldHashes(
    source: string,
    without: readonly string[],
    take: (hash: Buffer, missed: boolean) => void,
  ): Promise<void>;
  /** Hashes of what a run has staged. */
  stagedHashes(target: Omit<PageTarget, 'lease'>, take: (hash: Buffer) => void): Promise<void>;
};

export function directoryBulk(pool: pg.Pool): DirectoryBulk {
  return {
    commitPage: (target, records, page) =>
      connected(pool, async (client) => {
        // a page that shows nothing new is one statement, and so one transaction
        if (records.length === 0) return insertPage(client, target, page);
        await client.query('begin');
        try {
          await insertPage(client, target, page);
          await copyIn(client, target, records);
          await client.query('commit');
        } catch (error) {
          await client.query('rollback').catch(() => undefined);
          throw error;
        }
      }),

    heldHashes: (source, without, take) =>
      connected(pool, async (client) => {
        const kinds = without.map((kind) => ` and kind <> ${pg.escapeLiteral(kind)}`).join('');
        const query =
          `select hash || case when missed > 0 then '\\x01' else '\\x00' end::bytea ` +
          `from ${pg.escapeIdentifier(partitionName(source))} ` +
          `where state in ('active', 'closed') and octet_length(hash) = 16${kinds}`;
        await copyOut(client, query, (value) => take(value.subarray(0, 16), value[16] === 1));
      }),

    stagedHashes: ({ run, source, firstLoad }, take) =>
      connected(pool, async (client) => {
        const query = firstLoad
          ? `select hash from ${pg.escapeIdentifier(partitionName(source))}`
          : `select hash from directory_stage where run = ${run} and octet_length(hash) = 16`;
        await copyOut(client, query, take);
      }),
  };
}

async function connected<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  let client: pg.PoolClient | undefined;
  let broken = false;
  try {
    client = await pool.connect();
    return await work(client);
  } catch (error) {
    broken = true;
    throw isDatabaseFailure(error) ? databaseFailure(error) : error;
  } finally {
    client?.release(broken);
  }
}

/** Few and large: between two chunks the reader of the next page has the processor. */
const chunkLength = 1024 * 1024;

async function copyIn(
  client: pg.PoolClient,
  { run, source, firstLoad }: PageTarget,
  records: readonly StagedRecord[],
): Promise<void> {
  const [table, columns, constants] = firstLoad
    ? [
        pg.escapeIdentifier(partitionName(source)),
        'source, created_run, changed_run',
        `${copyConstant(source)}${run}\t${run}\t`,
      ]
    : ['directory_stage', 'run', `${run}\t`];
  const into = client.query(copyFrom(`copy ${table} (${columns}, ${recordColumns.join(', ')}) from stdin`));
  await pipeline(Readable.from(chunks()), into);

  function* chunks(): Generator<string> {
    let chunk = '';
    for (const record of records) {
      chunk += copyLine(constants, record);
      if (chunk.length < chunkLength) continue;
      yield chunk;
      chunk = '';
    }
    if (chunk) yield chunk;
  }
}

/** Under the fence, which the transaction holds to its end. */
async function insertPage(
  client: pg.PoolClient,
  { run, lease }: Pick<PageTarget, 'run' | 'lease'>,
  page: NewPage,
): Promise<void> {
  const { seq, checkpoint, digest, rows, tally, issues, seen } = page;
  const { rowCount } = await client.query(
    `with held as (select from lease where name = $9 and fence = $10 for share)
     insert into directory_page (run, seq, checkpoint, digest, rows, tally, issues, seen)
     select $1::bigint, $2::int, $3::jsonb, $4, $5::int, $6::jsonb, $7::jsonb, $8::bytea from held`,
    [
      ...[run, seq, JSON.stringify(checkpoint), digest, rows],
      ...[JSON.stringify(tally), JSON.stringify(issues), seen, lease.name, lease.fence],
    ],
  );
  if (rowCount) return;
  throw new GatewayError({
    category: 'conflict',
    side: 'gateway',
    message: 'Une autre passerelle a repris cette synchronisation.',
  });
}

/** Header of COPY's binary format: signature, flags, length of an extension. */
const headerLength = 19;

/** Every value of a query with one bytea column, as it comes in. The buffer given is only valid during the call. */
async function copyOut(client: pg.PoolClient, query: string, take: (value: Buffer) => void): Promise<void> {
  const stream = client.query(copyTo(`copy (${query}) to stdout (format binary)`));
  let rest: Buffer = Buffer.alloc(0);
  let toSkip = headerLength;
  stream.on('data', (chunk: Buffer) => {
    const data = rest.length ? Buffer.concat([rest, chunk]) : chunk;
    if (data.length < toSkip) return void (rest = data);
    let at = toSkip;
    toSkip = 0;
    // a tuple: number of fields (2 bytes; -1 at the end), then length (4 bytes) and bytes of each
    while (at + 6 <= data.length && data.readInt16BE(at) === 1) {
      const length = data.readInt32BE(at + 2);
      if (at + 6 + length > data.length) break;
      take(data.subarray(at + 6, at + 6 + length));
      at += 6 + length;
    }
    rest = data.subarray(at);
  });
  await once(stream, 'end');
}
