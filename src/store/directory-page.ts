/** A page of a run: its row and the records that are new in it, committed together or not at all. */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { GatewayError } from '../fhir/error.ts';
import type { Issue } from '../fhir/issue.ts';
import type { Json } from '../fhir/types.ts';
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

/**
 * One exchange with the server: between two, it would wait for a reader that is at the next page. The pages of a first load
 * do not wait for the disk; each asks for the one before it, so that a server that fails and loses the last ones cannot be
 * given the next (docs/decisions/0069).
 */
export async function commitPage(
  client: pg.PoolClient,
  target: PageTarget,
  page: NewPage,
  records: readonly StagedRecord[],
): Promise<void> {
  try {
    // a page that shows nothing new is one statement, and so one transaction
    if (records.length === 0) await insertPage(client, target, page);
    else await copyPage(client, target, page, records);
  } catch (error) {
    throw refusal(error) ?? error;
  }
}

async function insertPage(client: pg.PoolClient, target: PageTarget, page: NewPage): Promise<void> {
  const values: unknown[] = [];
  const text = pageStatement(target, page, (value) => `$${values.push(value)}`);
  await client.query(text, values);
}

/** Few and large: between two chunks the reader of the next page has the processor. */
const chunkLength = 1024 * 1024;
/** Of a UTF-16 unit in UTF-8. */
const mostBytes = 3;

async function copyPage(
  client: pg.PoolClient,
  target: PageTarget,
  page: NewPage,
  records: readonly StagedRecord[],
): Promise<void> {
  const { run, source, firstLoad } = target;
  const [table, columns, constants] = firstLoad
    ? [
        pg.escapeIdentifier(partitionName(source)),
        'source, created_run, changed_run',
        `${copyConstant(source)}${run}\t${run}\t`,
      ]
    : ['directory_stage', 'run', `${run}\t`];
  const statements = [
    'begin',
    ...(firstLoad ? ['set local synchronous_commit = off'] : []),
    pageStatement(target, page, literal),
    `copy ${table} (${columns}, ${recordColumns.join(', ')}) from stdin`,
    'commit',
  ];
  try {
    await pipeline(Readable.from(chunks()), client.query(copyFrom(statements.join(';\n'))));
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  }

  function* chunks(): Generator<Buffer> {
    let chunk = Buffer.allocUnsafe(chunkLength);
    let filled = 0;
    for (const record of records) {
      const line = copyLine(constants, record);
      if (line.length * mostBytes > chunk.length - filled) {
        if (filled) yield chunk.subarray(0, filled);
        chunk = Buffer.allocUnsafe(Math.max(chunkLength, line.length * mostBytes));
        filled = 0;
      }
      filled += chunk.write(line, filled);
    }
    if (filled) yield chunk.subarray(0, filled);
  }
}

function literal(value: string | number | Buffer): string {
  if (typeof value === 'number') return String(value);
  return pg.escapeLiteral(typeof value === 'string' ? value : `\\x${value.toString('hex')}`);
}

/**
 * Under the fence, which the transaction holds to its end, and after the page before it. Where one of them is missing, a
 * column that may not be empty is, and the whole page is refused.
 */
function pageStatement(
  { run, lease }: PageTarget,
  { seq, checkpoint, digest, rows, tally, issues, seen }: NewPage,
  value: (value: string | number | Buffer) => string,
): string {
  const json = (of: unknown): string => `${value(JSON.stringify(of))}::jsonb`;
  const number = (of: number): string => `${value(of)}::bigint`;
  const after =
    seq === 0
      ? 'true'
      : `exists (select from directory_page where run = ${number(run)} and seq = ${number(seq - 1)})`;
  return (
    `with held as (select from lease where name = ${value(lease.name)} and fence = ${number(lease.fence)} for share) ` +
    `insert into directory_page (run, seq, checkpoint, digest, rows, tally, issues, seen) ` +
    `select case when exists (select from held) then ${number(run)} end, case when ${after} then ${number(seq)} end, ` +
    `${json(checkpoint)}, ${value(digest)}, ${number(rows)}, ${json(tally)}, ${json(issues)}, ${value(seen)}::bytea`
  );
}

const notNullViolation = '23502';

function refusal(error: unknown): GatewayError | undefined {
  const { code, table, column } = error as Partial<pg.DatabaseError>;
  if (code !== notNullViolation || table !== 'directory_page') return undefined;
  if (column === 'run')
    return new GatewayError({
      category: 'conflict',
      side: 'gateway',
      message: 'Une autre passerelle a repris cette synchronisation.',
    });
  return column === 'seq' ? pagesLost() : undefined;
}

/** The database failed and came back without the last pages: the run is gone on with after those it has. */
export function pagesLost(): GatewayError {
  return new GatewayError({
    category: 'unavailable',
    side: 'gateway',
    retryable: true,
    retryAfterMs: 1000,
    message:
      'La base de données a redémarré sans les dernières pages lues ; la lecture reprend après celles qu’elle a.',
  });
}
