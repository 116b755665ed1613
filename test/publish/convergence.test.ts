import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { close } from '../../src/change/close.ts';
import { bodyForm } from '../../src/change/links.ts';
import { systems } from '../../src/fhir/identifiers.ts';
import { keysOf } from '../../src/fhir/key.ts';
import { referenceTo } from '../../src/fhir/references.ts';
import type { AnyResource } from '../../src/fhir/types.ts';
import { apply } from '../../src/publish/apply.ts';
import { plan } from '../../src/publish/plan.ts';
import type { MappedNetwork } from '../../src/publish/types.ts';
import { held, openWorld, tenant, type World } from '../delivery/world.ts';
import { described, establishment, owned, publishParts, to, wantedOf } from './networks.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld({ servers: [{ id: 'a' }, { id: 'b', ids: 'server' }] });
});
afterAll(async () => world.close());

const types = [
  'Organization',
  'Location',
  'HealthcareService',
  'OrganizationAffiliation',
  'CareTeam',
  'PlanDefinition',
];
const finess = ['780000001', '780000002', '780000003'];

/** A network with services, members, a team and a protocol, each there or not, with changing words. */
const aNetwork = (id: string): fc.Arbitrary<MappedNetwork> =>
  fc
    .record({
      word: fc.constantFrom('un', 'deux'),
      members: fc.subarray(finess),
      offers: fc.subarray(['rcp', 'avis', 'tele']),
      team: fc.boolean(),
      protocol: fc.boolean(),
    })
    .map(({ word, members, offers, team, protocol }) =>
      described(id, [
        owned('Organization', id, { active: true, name: `${id} ${word}` }),
        owned('Location', `${id}/territory`, {
          status: 'active',
          managingOrganization: to('Organization', id),
        }),
        ...offers.map((offer) =>
          owned('HealthcareService', `${id}/offer/${offer}`, {
            active: true,
            comment: word,
            providedBy: to('Organization', id),
            location: [to('Location', `${id}/territory`)],
          }),
        ),
        ...members.flatMap((member) => [
          establishment(member),
          owned('OrganizationAffiliation', `${id}/member/${member}`, {
            active: true,
            organization: to('Organization', id),
            participatingOrganization: to('Organization', member, systems.finess),
          }),
        ]),
        ...(team
          ? [
              owned('CareTeam', `${id}/team/x`, {
                status: 'active',
                participant: members.map((member) => ({
                  member: to('Organization', member, systems.finess),
                })),
              }),
            ]
          : []),
        ...(protocol ? [owned('PlanDefinition', `${id}/protocol`, { status: 'active', title: word })] : []),
      ]),
    );

/** Everything at a server by `Type key`, links by key. */
async function contents(serverId: string): Promise<Map<string, AnyResource>> {
  const all = (await Promise.all(types.map((type) => held(world, serverId, type)))).flat();
  const keys = new Map(
    all.map((one) => [`${one.resourceType}/${one.id}`, referenceTo(one.resourceType, keysOf(one)[0]!)]),
  );
  const named = JSON.parse(JSON.stringify(all), (name, value: unknown) =>
    name === 'reference' && typeof value === 'string' ? (keys.get(value) ?? value) : value,
  ) as AnyResource[];
  const entries = named.map((one) => [`${one.resourceType} ${keysOf(one)[0]!}`, bodyForm(one)] as const);
  expect(new Set(entries.map(([name]) => name)).size).toBe(entries.length);
  return new Map(entries);
}

describe('plan and apply', () => {
  it('make every server show what the networks say, whatever they said before, and leave nothing to do', async () => {
    const parts = publishParts(world);
    const both = fc.tuple(aNetwork('n1'), aNetwork('n2')).chain((all) => fc.subarray(all));
    await fc.assert(
      fc.asyncProperty(both, async (networks) => {
        const applied = await apply(parts, { tenant, actor: 'essai' }, networks, { confirm: true });
        expect(applied.servers).toMatchObject([
          { parked: 0, waiting: 0 },
          { parked: 0, waiting: 0 },
        ]);
        const second = await plan(parts, tenant, networks);
        expect(second.servers.flatMap((server) => server.changes)).toEqual([]);

        const wanted = wantedOf(networks);
        for (const id of ['a', 'b'])
          for (const [name, body] of await contents(id)) {
            const want = wanted.get(name);
            if (want) expect(body).toEqual(bodyForm(want.body));
            else expect(close(body, '9999-12-31')).toEqual(body);
          }
        const there = await contents('b');
        for (const name of wanted.keys()) expect(there.has(name)).toBe(true);
      }),
      { numRuns: 15, endOnFailure: true },
    );
  }, 120_000);
});
