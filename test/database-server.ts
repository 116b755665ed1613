/**
 * The PostgreSQL that test files share: started by the first that needs it, ended by itself when nobody has been
 * connected for a while. Run as a program: `node test/database-server.ts FOLDER`.
 */
import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { isGatewayError } from '../src/fhir/error.ts';
import { createLog } from '../src/log.ts';
import { startEmbedded } from '../src/store/embedded.ts';
import { takeFolder } from '../src/store/owner.ts';

const idleRounds = 15;

const folder = process.argv[2]!;
try {
  await serve();
} catch (error) {
  if (!isGatewayError(error) || error.category !== 'conflict') throw error; // else somebody else serves already
}

async function serve(): Promise<void> {
  const held = await takeFolder(folder, { token: 'test' });
  await rm(join(folder, 'postgres'), { recursive: true, force: true }); // without fsync nothing is worth keeping
  const server = await startEmbedded(folder, createLog('silent'), {
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    max_connections: '300',
    shared_buffers: '64MB',
  });
  const file = join(folder, 'url');
  await writeFile(`${file}.new`, server.url, { mode: 0o600 });
  await rename(`${file}.new`, file);
  await untilIdle(server.url);
  await rm(file);
  await server.stop();
  await held.release();
}

async function untilIdle(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  for (let idle = 0; idle < idleRounds; idle += 1) {
    await sleep(1000);
    const { rows } = await client.query<{ others: string }>(
      `select count(*) as others from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()`,
    );
    if (Number(rows[0]!.others) > 0) idle = 0;
  }
  await client.end();
}
