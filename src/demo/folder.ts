/** The demonstration's own folder, made afresh: its configuration, its secrets, its database. */
import { randomBytes } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { stringify } from 'yaml';
import { networkSystem } from '../fhir/names.ts';
import { systems } from '../fhir/identifiers.ts';
import { readOwner } from '../store/owner.ts';
import type { DemoHospitals } from './hospitals.ts';
import type { Cast } from './cast.ts';

export type DemoFolder = { folder: string; configFile: string; passwords: Record<string, string> };

/** Clients of the demonstration and what they may do. */
const clients = {
  psychiatrie: { server: 'psychiatrie', roles: ['placer', 'reader'] },
  coreso: { server: 'ville', roles: ['fulfiller', 'reader'] },
} as const;

/** Makes `.passerelle/demo` anew; while another demonstration runs there, `demo-2` and so on. */
export async function makeFolder(
  hospitals: DemoHospitals,
  networks: string,
  cast: Cast,
  port: number,
): Promise<DemoFolder> {
  const folder = await freeFolder(join('.passerelle', 'demo'));
  await rm(folder, { recursive: true, force: true });
  await mkdir(join(folder, 'secrets'), { recursive: true, mode: 0o700 });
  const passwords: Record<string, string> = {};
  for (const client of Object.keys(clients)) {
    passwords[client] = randomBytes(18).toString('base64url');
    await writeFile(join(folder, 'secrets', client), passwords[client], { mode: 0o600 });
  }
  const configFile = join(folder, 'passerelle.yaml');
  await writeFile(configFile, stringify(configuration(hospitals, relative(folder, networks), cast, port)));
  return { folder, configFile, passwords };
}

async function freeFolder(wanted: string): Promise<string> {
  for (let n = 1; ; n += 1) {
    const folder = n === 1 ? wanted : `${wanted}-${n}`;
    if (!(await readOwner(folder))) return folder;
  }
}

function configuration(hospitals: DemoHospitals, networks: string, cast: Cast, port: number): unknown {
  return {
    tenant: 'demo',
    folder: '.',
    http: { host: '127.0.0.1', port },
    networks: [`${networks}/*.yaml`],
    servers: [
      {
        id: 'psychiatrie',
        name: 'Hôpital psychiatrique (orienteur)',
        base: hospitals.psychiatry.base,
        homeOf: [`${systems.finess}|${cast.hospitalFiness}`],
      },
      {
        id: 'ville',
        name: 'Consultation somatique et médecine de ville',
        base: hospitals.town.base,
        homeOf: [`${networkSystem}|${cast.networkId}`, `${systems.rpps}|${cast.townGpRpps}`],
      },
    ],
    clients: Object.entries(clients).map(([id, { server, roles }]) => ({
      ...{ id, server, roles: [...roles] },
      auth: { kind: 'basic', password: `\${file:secrets/${id}}` },
    })),
    schedules: [
      { job: 'reconcile', cron: '0 2 * * *' },
      { job: 'follow', cron: '*/15 * * * *' },
      { job: 'watch', cron: '5,35 * * * *' },
    ],
    log: 'error',
  };
}
