/** The held directory by the million: pages come in and hashes go out by COPY, on connections of their own. */
import { once } from 'node:events';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { databaseFailure, isDatabaseFailure } from './database-failure.ts';
import type { StagedRecord } from './directory-lines.ts';
import { commitPage, type NewPage, type PageTarget } from './directory-page.ts';
import { partitionName } from './directory-partition.ts';

export type DirectoryBulk = {
  /**
   * Records and page in one transaction, under the fence. Throws `conflict` when the lease is another's, and `unavailable`
   * when the database lost the page before.
   */
  commitPage(target: PageTarget, records: readonly StagedRecord[], page: NewPage): Promise<void>;
  /** Hashes (16 bytes) of what a source holds and may show again; those its last complete run missed once more, as `missed`. */
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
      connected(pool, (client) => commitPage(client, target, page, records)),

    heldHashes: (source, without, take) =>
      connected(pool, async (client) => {
        const kinds = without.map((kind) => ` and kind <> ${pg.escapeLiteral(kind)}`).join('');
        const held =
          `select hash from ${pg.escapeIdentifier(partitionName(source))} ` +
          `where state in ('active', 'closed') and octet_length(hash) = 16${kinds}`;
        await copyOut(client, held, (hash) => take(hash, false));
        // asked apart: it stands behind the content, and reading past that doubles the time of all rows
        await copyOut(client, `${held} and missed > 0`, (hash) => take(hash, true));
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
