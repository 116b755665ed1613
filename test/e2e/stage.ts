/** The story played against a gateway of its own process, two hospitals over memory and a fresh database. */
import { readFileSync } from 'node:fs';
import { cp, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { stringify } from 'yaml';
import { type Cast, readCast } from '../../src/demo/cast.ts';
import { type Caller, caller } from '../../src/demo/http.ts';
import { type Hospital, startHospital } from '../../src/sandbox/hospital.ts';
import { playStory, type Stage } from '../../src/demo/story.ts';
import { freshDatabase } from '../database.ts';
import { passerelle, type Ran, root, type Running, start, workFolder } from './passerelle.ts';

export const password = 'secret-of-the-stage';

export type EndToEnd = {
  /** Base of the gateway's HTTP, without trailing slash. */
  address: string;
  gateway: Running;
  hospitals: { psychiatrie: Hospital; ville: Hospital };
  cast: Cast;
  /** A client of the gateway, or a hospital itself. */
  as(client: 'psychiatrie' | 'coreso'): Caller;
  at(hospital: 'psychiatrie' | 'ville'): Caller;
  /** Posts bytes to the base of `/fhir` as they are. */
  postRaw(client: 'psychiatrie' | 'coreso', body: string | Buffer): Promise<Response>;
  /** One command beside the gateway, over the same database. */
  command(...args: string[]): Promise<Ran>;
  /** Referral, consultations, synthesis, end. */
  play(): Promise<void>;
  folder: string;
  databaseUrl: string;
  close(): Promise<void>;
};

/** More networks, by file, the keys that the town hospital is home to for them, and where the placer is told of its referrals. */
export type Extra = { networks: readonly string[]; homeOf: readonly string[]; notify?: string };

/** Starts everything and publishes the example networks; `change` rewrites the example texts first. */
export async function startEndToEnd(
  change: (text: string) => string = (text) => text,
  extra: Extra = { networks: [], homeOf: [] },
): Promise<EndToEnd> {
  const database = await freshDatabase();
  const place = await workFolder();
  const hospitals = {
    psychiatrie: await startHospital({ name: 'psychiatrie', ids: 'client' }),
    ville: await startHospital({ name: 'ville', ids: 'server' }),
  };
  const cast = await changedCast(place.folder, change);
  const networks = join(place.folder, 'examples', 'networks');
  for (const file of extra.networks) await cp(join(root, file), join(networks, basename(file)));
  const config = configuration(hospitals, networks, extra);
  await writeFile(join(place.folder, 'passerelle.yaml'), stringify(config));
  const where = { cwd: place.folder, env: { DATABASE_URL: database.url, PASSWORD: password } };
  const gateway = start(['serve', '--json'], where);
  const close = async () => {
    gateway.signal('SIGTERM');
    await gateway.ended;
    await Promise.all(Object.values(hospitals).map((one) => one.close()));
    await database.close();
    await place.remove();
  };
  const address = await gateway.until(/"address":"([^"]+)"/).then(
    ([, found]) => found!,
    async (error: Error) => {
      await close();
      throw error;
    },
  );
  const as = (user: string) => caller(`${address}/fhir`, { user, password });
  const at = (hospital: keyof typeof hospitals) => caller(hospitals[hospital].base);
  const stage: Stage = {
    ...{ cast, placer: as('psychiatrie'), fulfiller: as('coreso'), town: at('ville') },
    follow: () => ask(address, 'scheduleRun', { job: 'follow' }),
    tell: () => undefined,
  };
  return {
    ...{ address, gateway, hospitals, cast, as, at, folder: place.folder, databaseUrl: database.url },
    postRaw: (client, body) =>
      fetch(`${address}/fhir`, {
        method: 'POST',
        headers: { 'content-type': 'application/fhir+json', authorization: basic(client) },
        body: typeof body === 'string' ? body : new Uint8Array(body),
      }),
    command: (...args) => passerelle(args, where),
    play: () => playStory(stage),
    close,
  };
}

function basic(client: string): string {
  return `Basic ${Buffer.from(`${client}:${password}`).toString('base64')}`;
}

/** An operation of the gateway, as an administrator asks for it over HTTP. */
async function ask(address: string, operation: string, args: object): Promise<unknown> {
  const answer = await fetch(`${address}/admin/v1/operations/${operation}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: basic('admin'),
    },
    body: JSON.stringify(args),
  });
  if (!answer.ok) throw new Error(`${operation}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

async function changedCast(folder: string, change: (text: string) => string): Promise<Cast> {
  const examples = join(folder, 'examples');
  await cp(join(root, 'examples'), examples, { recursive: true });
  for (const name of [
    'referrals/coreso.json',
    'consultations/coreso.json',
    'documents/coreso-synthesis.yaml',
  ]) {
    await writeFile(join(examples, name), change(readFileSync(join(examples, name), 'utf8')));
  }
  return readCast({
    ...{ examples, mappings: join(root, 'mappings'), profiles: join(root, 'profiles'), root },
    ...{ checks: join(root, 'dist', 'checks.js'), fonts: join(root, 'assets', 'fonts') },
  });
}

function configuration(
  hospitals: EndToEnd['hospitals'],
  networks: string,
  { homeOf, notify }: Extra,
): unknown {
  const auth = () => ({ kind: 'basic', password: '${env:PASSWORD}' });
  return {
    tenant: 'essai',
    http: { port: 0 },
    networks: [`${networks}/*.yaml`],
    servers: [
      {
        ...{ id: 'psychiatrie', base: hospitals.psychiatrie.base, ids: 'client' },
        homeOf: ['https://finess.esante.gouv.fr|990780033'],
      },
      {
        ...{ id: 'ville', base: hospitals.ville.base, ids: 'server', notifySecret: '${env:PASSWORD}' },
        homeOf: [
          'https://passerelle.example/fhir/network|coreso-le-vinatier',
          'https://rpps.esante.gouv.fr|10999900037',
          ...homeOf,
        ],
      },
    ],
    clients: [
      {
        ...{ id: 'psychiatrie', server: 'psychiatrie', roles: ['placer', 'reader'], auth: auth() },
        ...(notify
          ? {
              notify: { endpoint: notify, notifySecret: '${env:PASSWORD}' },
              subscriptions: { origins: [new URL(notify).origin] },
            }
          : {}),
      },
      { id: 'coreso', server: 'ville', roles: ['fulfiller', 'reader'], auth: auth() },
      { id: 'admin', roles: ['admin'], auth: auth() },
    ],
    schedules: [
      { job: 'follow', cron: '*/15 * * * *' },
      { job: 'watch', cron: '5,35 * * * *' },
    ],
    log: 'info',
  };
}
