/** What a served gateway needs around it: a running database, two hospitals that answer, a configuration. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { createLog } from '../../src/log.ts';
import { startHospital } from '../../src/sandbox/hospital.ts';
import { startEmbedded } from '../../src/store/embedded.ts';
import { freePort } from './free-port.ts';

export type GatewayStage = {
  configFile: string;
  /** Where a gateway with this configuration listens. */
  address: string;
  databaseUrl: string;
  /** `user:password` of a client that may address patients. */
  placer: string;
  /** The same of one that may send documents. */
  fulfiller: string;
  close(): Promise<void>;
};

/** Sets everything up but the gateway. The database is that of DATABASE_URL, or an embedded one with its usual settings. */
export async function setStage(networks: string): Promise<GatewayStage> {
  const folder = await mkdtemp(join(tmpdir(), 'passerelle-bench-'));
  const given = process.env['DATABASE_URL'];
  const database = given
    ? { url: given, stop: async () => undefined }
    : await startEmbedded(folder, createLog('error'));
  const hospitals = await Promise.all(
    ['psychiatrie', 'ville'].map((name) => startHospital({ name, ids: 'client' })),
  );
  const port = await freePort();
  const password = randomBytes(18).toString('base64url');
  await writeFile(join(folder, 'password'), password, { mode: 0o600 });
  const configFile = join(folder, 'passerelle.yaml');
  await writeFile(configFile, stringify({
    tenant: 'bench',
    folder: '.',
    database: { url: database.url },
    http: { host: '127.0.0.1', port },
    networks: [networks],
    servers: hospitals.map(({ name, base }) => ({ id: name, base, homeOf: [] })),
    clients: [
      { id: 'placer', server: 'psychiatrie', roles: ['placer', 'reader'], auth: { kind: 'basic', password: '${file:password}' } },
      { id: 'fulfiller', server: 'ville', roles: ['fulfiller', 'reader'], auth: { kind: 'basic', password: '${file:password}' } },
    ],
    schedules: [{ job: 'reconcile', cron: '0 2 * * *' }, { job: 'follow', cron: '*/15 * * * *' }],
    log: 'error',
  })); // prettier-ignore
  return {
    configFile,
    address: `http://127.0.0.1:${port}`,
    databaseUrl: database.url,
    placer: `placer:${password}`,
    fulfiller: `fulfiller:${password}`,
    close: async () => {
      await Promise.all(hospitals.map((hospital) => hospital.close()));
      await database.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
