/** A gateway's surroundings for referrals that are accepted and handed over: hospitals that answer at once, networks published. */
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { systems } from '../../src/fhir/identifiers.ts';
import { networkSystem } from '../../src/fhir/names.ts';
import { createLog } from '../../src/log.ts';
import { startEmbedded } from '../../src/store/embedded.ts';
import { freePort } from './free-port.ts';
import { startChild } from './child.ts';

export type ReferralStage = {
  configFile: string;
  address: string;
  databaseUrl: string;
  /** Origin of the instant hospitals. */
  hospitals: string;
  /** `Basic …` of the placer. */
  authorization: string;
  /** Pathways by number; a referral names the one it is for. */
  networks: readonly string[];
  /** Publishes the networks; the gateway must run. */
  publish(): Promise<void>;
  /** When which order arrived since it was last asked, in milliseconds since 1970. */
  arrivals(): Promise<Record<string, number>>;
  close(): Promise<void>;
};

const root = join(import.meta.dirname, '../..');
const modelId = 'coreso-le-vinatier';
const model = readFileSync(join(root, `examples/networks/pathway-${modelId}.yaml`), 'utf8');

export type ReferralStageOptions = {
  /** How many fulfillers, each with a pathway and a server of its own. */
  fulfillers?: number;
  /** Milliseconds for which a hospital holds a transaction. */
  holdMs?: number;
  /** Base of the last fulfiller's server, instead of an instant one. */
  lastBase?: string;
};

/** Sets everything up but the gateway. The database is that of DATABASE_URL, or an embedded one with its usual settings. */
export async function setReferralStage({
  fulfillers = 1,
  holdMs = 0,
  lastBase,
}: ReferralStageOptions = {}): Promise<ReferralStage> {
  const folder = await mkdtemp(join(tmpdir(), 'passerelle-bench-'));
  const given = process.env['DATABASE_URL'];
  const database = given
    ? { url: given, stop: async () => undefined }
    : await startEmbedded(folder, createLog('error'));
  const hospital = await startChild([join(import.meta.dirname, 'instant-hospital.ts'), String(holdMs)]);
  const networks = Array.from({ length: fulfillers }, (_, n) => (n === 0 ? modelId : `banc-${n}`));
  await mkdir(join(folder, 'networks'));
  for (const id of networks)
    await writeFile(join(folder, 'networks', `${id}.yaml`), model.replaceAll(modelId, id));
  const address = `http://127.0.0.1:${await freePort()}`;
  const password = randomBytes(18).toString('base64url');
  await writeFile(join(folder, 'password'), password, { mode: 0o600 });
  const auth = { kind: 'basic', password: '${file:password}' };
  const server = (id: string, homeOf: string[], base = `${hospital.said}/${id}/fhir`): object => ({
    ...{ id, base, ids: 'client', homeOf },
  });
  const configFile = join(folder, 'passerelle.yaml');
  const config = {
    ...{ tenant: 'bench', folder: '.', database: { url: database.url }, log: 'error' },
    http: { host: '127.0.0.1', port: Number(new URL(address).port) },
    networks: [`networks/*.yaml`],
    servers: [
      server('placer', [`${systems.finess}|990780033`]),
      ...networks.map((id, n) => {
        const town = n === 0 ? [`${systems.rpps}|10999900037`] : [];
        return server(
          `f${n}`,
          [`${networkSystem}|${id}`, ...town],
          n === fulfillers - 1 ? lastBase : undefined,
        );
      }),
    ],
    clients: [
      { id: 'placer', server: 'placer', roles: ['placer', 'reader'], auth },
      { id: 'admin', roles: ['admin'], auth },
    ],
  };
  await writeFile(configFile, stringify(config, { aliasDuplicateObjects: false }));
  const as = (user: string): string => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  return {
    ...{ configFile, address, databaseUrl: database.url, hospitals: hospital.said, networks },
    authorization: as('placer'),
    async publish() {
      const published = await fetch(`${address}/admin/v1/operations/apply`, {
        method: 'POST',
        headers: { authorization: as('admin'), 'content-type': 'application/json' },
        body: JSON.stringify({ confirm: true }),
      });
      if (!published.ok) throw new Error(`not published: ${published.status} ${await published.text()}`);
    },
    arrivals: async () =>
      (await (await fetch(`${hospital.said}/take`, { method: 'POST' })).json()) as Record<string, number>,
    async close() {
      await hospital.kill();
      await database.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
