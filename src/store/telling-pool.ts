/** The pool as kysely uses it, with failures of the database itself told from mistakes in statements. */
import type { Writable } from 'node:stream';
import type { PostgresPool, PostgresPoolClient } from 'kysely';
import type pg from 'pg';
import { databaseFailure, isDatabaseFailure } from './database-failure.ts';
import { gathered } from './gathered.ts';
import { keptName } from './kept-statements.ts';

/**
 * What the database could not do (gone, starting, full, read-only) is thrown as a retryable GatewayError, so that a
 * sender is told 503 and an item of the outbox waits; every other error stays what it is, and so a fault of ours.
 */
export function tellingPool(pool: pg.Pool): PostgresPool {
  pool.on('connect', (client) => void client.on('error', ignore));
  return {
    options: pool.options,
    end: () => pool.end(),
    async connect() {
      const client = await pool.connect().catch(tell);
      const send = async (text: string, parameters: readonly unknown[]): Promise<unknown> => {
        const name = keptName(text);
        const values = [...parameters];
        return client.query(name === undefined ? { text, values } : { name, text, values }).catch(tell);
      };
      return {
        query: gathered(send, (sendAll) => inOnePiece(client, sendAll)) as PostgresPoolClient['query'],
        release: (destroy) => client.release(destroy),
      };
    },
  };
}

/** One write to the socket for all that is sent; the driver has the stream, its types do not say so. */
function inOnePiece(client: pg.PoolClient, sendAll: () => void): void {
  const { stream } = (client as unknown as { connection: { stream: Writable } }).connection;
  stream.cork();
  try {
    sendAll();
  } finally {
    stream.uncork();
  }
}

/** A connection that breaks, whoever holds it or none: unheard, it would end the process; the next statement tells. */
function ignore(): void {}

function tell(error: unknown): never {
  throw isDatabaseFailure(error) ? databaseFailure(error) : error;
}
