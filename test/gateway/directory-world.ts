/** A gateway over the example networks, one hospital, and a held directory that knows what the networks name. */
import { readFileSync } from 'node:fs';
import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { stringify } from 'yaml';
import type { KnownIdentifiers } from '../../scripts/known-identifiers.ts';
import { loadConfig } from '../../src/config.ts';
import { systems } from '../../src/fhir/identifiers.ts';
import type { AnyResource } from '../../src/fhir/types.ts';
import { createGateway, type Gateway } from '../../src/gateway.ts';
import { createKnowledge, shippedFolders } from '../../src/gateway/knowledge.ts';
import { createLog } from '../../src/log.ts';
import { type Hospital, startHospital } from '../../src/sandbox/hospital.ts';
import { freshDatabase, type TestDatabase } from '../database.ts';
import { type HeldInput, hold } from '../directory/held.ts';
import { root, workFolder } from '../e2e/passerelle.ts';

const knowledge = createKnowledge(shippedFolders(pathToFileURL(join(root, 'src/main.ts')).href));

export type DirectoryWorld = TestDatabase & {
  gateway: Gateway;
  folder: string;
  /** What the hospital holds of a type. */
  held(type: string): Promise<AnyResource[]>;
};

export const known = JSON.parse(
  readFileSync(join(root, 'examples/directory/known-identifiers.json'), 'utf8'),
) as KnownIdentifiers;

/** Publishes to a hospital over memory, or to the server at `base`. */
export async function openDirectoryWorld(base?: string): Promise<DirectoryWorld> {
  const database = await freshDatabase();
  const place = await workFolder();
  const hospital: Hospital | undefined = base ? undefined : await startHospital({ name: 'a', ids: 'client' });
  const at = base ?? hospital!.base;
  await cp(join(root, 'examples'), join(place.folder, 'examples'), { recursive: true });
  const file = join(place.folder, 'passerelle.yaml');
  const server = { id: 'a', base: at, ids: 'client', auth: { kind: 'none' } };
  await writeFile(
    file,
    stringify({
      tenant: 'essai',
      networks: ['examples/networks/*.yaml'],
      servers: [server],
      brake: { share: 1, freely: 1000 },
    }),
  );
  const config = loadConfig(file, { DATABASE_URL: database.url });
  const gateway = await createGateway(config, { log: createLog('silent'), knowledge, version: '0' });
  return {
    ...database,
    gateway,
    folder: place.folder,
    async held(type) {
      const answer = await fetch(`${at}/${type}?_count=200`, { headers: { 'cache-control': 'no-cache' } });
      const bundle = (await answer.json()) as { entry?: { resource: AnyResource }[] };
      return (bundle.entry ?? []).map(({ resource }) => resource);
    },
    async close() {
      await gateway.stop();
      await hospital?.close();
      await database.close();
      await place.remove();
    },
  };
}

/** Structures of the examples as FINESS would hold them, in capitals and with a postal address. */
export function finessRows(
  change: (row: HeldInput, finess: string) => HeldInput = (row) => row,
): HeldInput[] {
  return known.structures.flatMap(({ finess, name, legalEntity, commune = '75056', city, postalCode }) => {
    if (finess === undefined) return [];
    const upper = name.toUpperCase();
    const resource = {
      ...{ resourceType: 'Organization', active: true, name: upper },
      identifier: [{ system: systems.finess, value: finess }],
      telecom: [{ system: 'phone', value: '+33199000000' }],
      address: [
        { line: ['1 RUE FICTIVE'], city: (city ?? 'Paris').toUpperCase(), postalCode: postalCode ?? '75001' },
      ],
    };
    const row: HeldInput = {
      ...{ kind: 'Organization', key: `F${finess}`, name: upper, commune, resource },
      ...(legalEntity ? { part_of: `F${legalEntity}` } : {}),
    };
    return [change(row, finess)];
  });
}

/** People of the examples as the Annuaire would hold them, each with a role where the network says that they work. */
export function peopleRows(change: (row: HeldInput, rpps: string) => HeldInput = (row) => row): HeldInput[] {
  return known.people.flatMap(({ rpps, idNatPs, family, given, codes, workplaces }) => {
    const [profession] = codes;
    const identifier = [
      { system: systems.idNatPs, value: idNatPs },
      { system: systems.rpps, value: rpps },
    ];
    const resource = { resourceType: 'Practitioner', active: true, identifier, name: [{ family, given }] };
    const person: HeldInput = {
      ...{
        kind: 'Practitioner',
        key: `P${idNatPs}`,
        identifiers: [`R${rpps}`],
        name: `${given.join(' ')} ${family}`,
      },
      resource,
    };
    const roles = workplaces.map((finess): HeldInput => ({
      ...{ kind: 'PractitionerRole', key: `https://rpps.esante.gouv.fr|role-${rpps}`, commune: '83009' },
      ...{
        practitioner: `P${idNatPs}`,
        organization: `F${finess}`,
        profession: profession!.code!,
        name: person.name!,
      },
      codes: codes.map(({ system, code }) => `${system}|${code}`),
      resource: { resourceType: 'PractitionerRole', active: true },
    }));
    return [change(person, rpps), ...roles];
  });
}

/** The directory as it knows everybody. */
export async function holdEverybody(world: Pick<DirectoryWorld, 'store'>): Promise<void> {
  await hold(world.store, 'finess', 0, finessRows());
  await hold(world.store, 'annuaire', 1, peopleRows());
}
