/** A deployment to break: two hospitals, a folder with its configuration and networks of its own, a database. */
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { type Caller, caller } from '../../src/demo/http.ts';
import { systems } from '../../src/fhir/identifiers.ts';
import { networkSystem } from '../../src/fhir/names.ts';
import { endPostgres, stopPostgres } from './postgres-process.ts';

/** Where a hospital is, and who chooses ids there; `via`: where the gateway finds it, when something stands between. */
export type HospitalAt = { base: string; ids: 'client' | 'server'; via?: string };

export type Site = {
  folder: string;
  configFile: string;
  /** Folder of the network files, to be edited. */
  networks: string;
  /** Hospitals by server id, called without any part of the gateway between. */
  hospitals: Record<'psychiatrie' | 'ville', Caller & HospitalAt>;
  /** Calls `/fhir` of a running gateway as the placing hospital does. */
  placer(address: string): Caller;
  /** The same as the fulfilling one. */
  fulfiller(address: string): Caller;
  /** Asks an operation of a running gateway; throws when it refuses. */
  ask<T>(address: string, operation: string, args?: object): Promise<T>;
  /** Ends what is left of the embedded database and removes the folder. */
  remove(): Promise<void>;
};

export type SiteOptions = {
  psychiatrie: HospitalAt;
  ville: HospitalAt;
  /** A database server; absent: embedded in the folder. */
  databaseUrl?: string;
  schedules?: { job: string; cron: string; zone?: string }[];
  log?: 'error' | 'info';
  /** Of the calls to both hospitals. */
  timeouts?: { connectMs: number; answerMs: number; totalMs: number };
  /** Network files that are published; absent: all of them. */
  published?: string[];
  /** Keys that are at home at each hospital; absent: those of the Coreso story. */
  homes?: Record<'psychiatrie' | 'ville', string[]>;
};

/** Makes the folder. Gateways on it listen on any free port. */
export async function makeSite(options: SiteOptions): Promise<Site> {
  const folder = await mkdtemp(join(tmpdir(), 'passerelle-reliability-'));
  const onExit = (): void => {
    endPostgres(folder);
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', onExit);
  const networks = join(folder, 'networks');
  await cp('examples/networks', networks, { recursive: true });
  const password = randomBytes(18).toString('base64url');
  await mkdir(join(folder, 'secrets'));
  await writeFile(join(folder, 'secrets', 'password'), password, { mode: 0o600 });
  const configFile = join(folder, 'passerelle.yaml');
  await writeFile(configFile, stringify(configuration(options), { aliasDuplicateObjects: false }));
  const authorization = `Basic ${Buffer.from(`admin:${password}`).toString('base64')}`;
  return {
    ...{ folder, configFile, networks },
    hospitals: {
      psychiatrie: { ...caller(options.psychiatrie.base), ...options.psychiatrie },
      ville: { ...caller(options.ville.base), ...options.ville },
    },
    placer: (address) => caller(`${address}/fhir`, { user: 'psychiatrie', password }),
    fulfiller: (address) => caller(`${address}/fhir`, { user: 'ville', password }),
    async ask<T>(address: string, operation: string, args: object = {}): Promise<T> {
      const response = await fetch(`${address}/admin/v1/operations/${operation}`, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body: JSON.stringify(args),
      });
      const answer: unknown = await response.json();
      if (!response.ok)
        throw new Error(`${operation}: ${response.status} ${JSON.stringify(answer).slice(0, 800)}`);
      return answer as T;
    },
    async remove() {
      process.removeListener('exit', onExit);
      await stopPostgres(folder);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const coresoHomes = {
  psychiatrie: [`${systems.finess}|990780033`],
  ville: [`${networkSystem}|coreso-le-vinatier`, `${systems.rpps}|10999900037`],
};

function configuration({
  psychiatrie,
  ville,
  databaseUrl,
  schedules = [],
  log = 'error',
  timeouts,
  published = ['*.yaml'],
  homes = coresoHomes,
}: SiteOptions): object {
  const reached = ({ base, ids, via = base }: HospitalAt): object => ({
    ...{ base: via, ids },
    ...(timeouts ? { timeouts } : {}),
  });
  const auth = { kind: 'basic', password: '${file:secrets/password}' };
  return {
    tenant: 'fiabilite',
    folder: '.',
    ...(databaseUrl ? { database: { url: databaseUrl } } : {}),
    http: { host: '127.0.0.1', port: 0 },
    networks: published.map((name) => `networks/${name}`),
    servers: [
      { id: 'psychiatrie', ...reached(psychiatrie), homeOf: homes.psychiatrie },
      { id: 'ville', ...reached(ville), homeOf: homes.ville },
    ],
    clients: [
      { id: 'psychiatrie', server: 'psychiatrie', roles: ['placer', 'reader'], auth },
      { id: 'ville', server: 'ville', roles: ['fulfiller', 'reader'], auth },
      { id: 'admin', roles: ['admin'], auth },
    ],
    schedules,
    log,
  };
}
