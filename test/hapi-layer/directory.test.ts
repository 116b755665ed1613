/** The example networks with what a directory says of them, published to a real HAPI. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Identifier } from '../../src/fhir/types.ts';
import { hold } from '../directory/held.ts';
import {
  type DirectoryWorld,
  finessRows,
  openDirectoryWorld,
  peopleRows,
} from '../gateway/directory-world.ts';
import { type Hapi, startHapi } from '../hapi/start.ts';

let hapi: Hapi | undefined;
let world: DirectoryWorld | undefined;
beforeAll(async () => {
  hapi = await startHapi();
  const opened = await openDirectoryWorld(hapi.base);
  world = opened;
  await hold(
    opened.store,
    'finess',
    0,
    finessRows((row, finess) => (finess === '990780033' ? { ...row, state: 'closed' } : row)),
  );
  await hold(opened.store, 'annuaire', 1, peopleRows());
}, 480_000);
afterAll(async () => {
  await world?.close();
  await hapi?.stop();
});

it('shows copies as the directory says them, the closed one inactive, and a second plan is empty', async () => {
  const { gateway } = world!;
  const { servers } = await gateway.operations.apply({});
  expect(servers).toMatchObject([{ server: 'a', parked: 0, waiting: 0 }]);
  const structures = await world!.held('Organization');
  const of = (finess: string) =>
    structures.find((one) =>
      (one['identifier'] as Identifier[] | undefined)?.some(({ value }) => value === finess),
    );
  expect(of('990780033')).toMatchObject({ active: false, name: 'CENTRE HOSPITALIER LE VINATIER' });
  expect(of('990780231')).toMatchObject({
    active: true,
    address: [{ city: 'BANDOL', line: ['1 RUE FICTIVE'] }],
  });
  expect((await world!.held('Practitioner')).length).toBeGreaterThan(5);
  const planned = await gateway.operations.plan({ refresh: true });
  expect(planned.servers.map(({ changes, drift, issues }) => [changes, drift, issues])).toEqual([
    [[], [], []],
  ]);
  const { findings } = await gateway.operations.directoryMatch({});
  expect(findings).toContainEqual(expect.objectContaining({ kind: 'closed', network: 'coreso-le-vinatier' }));
}, 120_000);
