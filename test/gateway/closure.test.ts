import { afterEach, describe, expect, it } from '@jest/globals';
import { systems } from '../../src/fhir/identifiers.ts';
import type { AnyResource, Identifier } from '../../src/fhir/types.ts';
import { hold } from '../directory/held.ts';
import {
  type DirectoryWorld,
  finessRows,
  holdEverybody,
  openDirectoryWorld,
  peopleRows,
} from './directory-world.ts';

let world: DirectoryWorld;
afterEach(async () => world.close());

const changes = async () =>
  (await world.gateway.operations.plan({})).servers.flatMap((server) =>
    server.changes.map(({ op, type, key, fields }) => ({
      op,
      type,
      key,
      fields: fields.map(({ path }) => path),
    })),
  );

const withFiness = (all: readonly AnyResource[], finess: string) =>
  all.find((one) =>
    identifiersOf(one).some(({ system, value }) => system === systems.finess && value === finess),
  )!;

const identifiersOf = (one: AnyResource) => one['identifier'] as Identifier[];

const vinatier = '990780033';

describe('the closure published to a hospital', () => {
  it('leaves what networks say alone while nobody synchronised a directory', async () => {
    world = await openDirectoryWorld();
    const before = await world.gateway.operations.plan({});
    await world.gateway.operations.apply({});
    expect(await changes()).toEqual([]);
    const [base] = await world.store.desired.bases('essai');
    expect(base!.basis.split(' ')).toHaveLength(2);
    expect(before.issues).toEqual([]);
  });

  it('puts copies right by what the directory says, and has nothing left to do afterwards', async () => {
    world = await openDirectoryWorld();
    await holdEverybody(world);
    const planned = await world.gateway.operations.plan({});
    expect(planned.issues).toEqual([]);
    await world.gateway.operations.apply({});
    expect(await changes()).toEqual([]);
    const hospital = withFiness(await world.held('Organization'), vinatier);
    expect(hospital).toMatchObject({
      ...{ name: 'CENTRE HOSPITALIER LE VINATIER', active: true },
      address: [{ line: ['1 RUE FICTIVE'], city: 'PARIS', postalCode: '75001' }],
      telecom: [{ system: 'phone', value: '+33199000000' }],
      meta: { source: expect.stringMatching(/\/directory\/finess/) },
    });
    expect(hospital['extension']).toMatchObject([
      {
        extension: [
          { url: 'source', valueUri: 'https://passerelle.example/fhir/directory/finess' },
          { url: 'hash' },
        ],
      },
    ]);
  }, 60_000);

  it('takes the idNatSt that the directory gives in place of the one built from FINESS, and adds SIREN', async () => {
    world = await openDirectoryWorld();
    await hold(
      world.store,
      'annuaire',
      0,
      finessRows((row) => ({
        ...row,
        resource: {
          ...row.resource,
          identifier: [
            { system: systems.idNatSt, value: '399999001300012' },
            { system: systems.siren, value: '999990013' },
            { system: 'urn:oid:1.2.3', value: 'of that server alone' },
          ],
        },
      })),
    );
    await world.gateway.operations.apply({});
    expect(identifiersOf(withFiness(await world.held('Organization'), vinatier))).toMatchObject([
      { system: systems.finess, value: vinatier },
      { system: systems.idNatSt, value: '399999001300012' },
      { system: systems.siren, value: '999990013', type: {} },
    ]);
  }, 60_000);

  it('follows the directory between two publications of an unchanged network: closed becomes inactive', async () => {
    world = await openDirectoryWorld();
    await holdEverybody(world);
    await world.gateway.operations.apply({});
    const rows = finessRows((row, finess) => (finess === vinatier ? { ...row, state: 'closed' } : row));
    await hold(world.store, 'finess', 0, rows, 2);
    const found = await changes();
    expect(found).toMatchObject([
      { op: 'update', type: 'Organization', key: `${systems.finess}|${vinatier}` },
    ]);
    expect(found[0]!.fields).toContain('active');
    await world.gateway.operations.apply({});
    expect(withFiness(await world.held('Organization'), vinatier)).toMatchObject({ active: false });
    expect(await changes()).toEqual([]);
  }, 60_000);

  it('changes nothing for what vanished or is only a stub: that is for a person (P-4, P-10)', async () => {
    world = await openDirectoryWorld();
    await holdEverybody(world);
    await world.gateway.operations.apply({});
    const gone = (state: string) => finessRows((row) => ({ ...row, state }));
    await hold(world.store, 'finess', 0, gone('vanished'), 2);
    expect(await changes()).toEqual([]);
    await hold(world.store, 'finess', 0, gone('stub'), 3);
    expect((await changes()).flatMap(({ fields }) => fields)).not.toContain('active');
  }, 60_000);

  it('brings the legal entity that a copy belongs to and no network names', async () => {
    world = await openDirectoryWorld();
    const legal = '990000036';
    const owner = {
      ...{ resourceType: 'Organization', name: 'ENTITE FICTIVE' },
      identifier: [{ system: systems.finess, value: legal }],
    };
    await hold(world.store, 'finess', 0, [
      ...finessRows((row, finess) => (finess === vinatier ? { ...row, part_of: `F${legal}` } : row)),
      { kind: 'Organization', key: `F${legal}`, name: 'ENTITE FICTIVE', resource: owner },
    ]);
    await world.gateway.operations.apply({});
    const all = await world.held('Organization');
    const copy = withFiness(all, legal);
    expect(copy).toMatchObject({ name: 'ENTITE FICTIVE', active: true });
    expect(withFiness(all, vinatier)['partOf']).toEqual({ reference: `Organization/${copy.id}` });
    expect(await changes()).toEqual([]);
  }, 60_000);

  it('a name that our profiles refuse leaves the network’s words standing, and is told (P-46)', async () => {
    world = await openDirectoryWorld();
    const broken = (row: object, at: string) => (at === '10999900003' ? { ...row, resource: wrong } : row);
    const wrong = {
      resourceType: 'Practitioner',
      name: [{ family: 'FICTIVE' }],
      telecom: [{ system: 'mail', value: 'x' }],
    };
    await hold(
      world.store,
      'annuaire',
      0,
      peopleRows((row, rpps) => broken(row, rpps) as typeof row),
    );
    const { issues, servers } = await world.gateway.operations.plan({});
    expect(issues).toMatchObject([{ severity: 'warning', rule: 'directory-copy' }]);
    expect(servers[0]!.changes.some(({ name }) => name === 'Anne FICTIVE-ALBA')).toBe(true);
  }, 60_000);
});
