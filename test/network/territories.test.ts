import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Network } from '../../src/network/network.ts';
import { departmentOf, placesOf } from '../../src/network/places.ts';
import { coverOf, holesIn, overlapsOf } from '../../src/network/territories.ts';
import { readFileSync } from 'node:fs';

const places = placesOf(
  JSON.parse(readFileSync('mappings/places.json', 'utf8')) as Parameters<typeof placesOf>[0],
);

type Part = { code: string; nom: string; partie?: string };

function network(id: string, departements: Part[], communes: string[] = []): Network {
  const territoire = { departements, communes: communes.map((insee) => ({ insee, nom: insee })) };
  const data = { id, territoire };
  return { id, kind: 'k', name: id, file: 'f', data, text: '', hash: '', positionOf: () => undefined };
}

const whole = (code: string): Part => ({ code, nom: code });
const part = (code: string, partie: string): Part => ({ code, nom: code, partie });
const pairs = (...networks: Network[]): string[] =>
  overlapsOf(networks).map(({ network: one, other, places: met }) => `${one.id}/${other.id}: ${met.join()}`);

it('two networks that cover a whole département overlap, whatever else they cover', () => {
  expect(pairs(network('a', [whole('78')]), network('b', [whole('95'), whole('78')]))).toEqual([
    'b/a: 78 (78)',
  ]);
});

it('a part of a département overlaps with the whole and with a part of the same name, never with another part', () => {
  const west = network('west', [part('95', 'Ouest')]);
  expect(pairs(west, network('all', [whole('95')]))).toEqual(['all/west: 95 (95)']);
  expect(pairs(network('all', [whole('95')]), west)).toEqual(['west/all: 95 (95)']);
  expect(pairs(west, network('again', [part('95', 'ouest')]))).toEqual(['again/west: 95 (95)']);
  expect(pairs(west, network('east', [part('95', 'est')]))).toEqual([]);
});

it('communes overlap with the same commune and with their whole département, overseas and in Corsica too', () => {
  const communes = network('c', [], ['21231', '97411', '2B033']);
  expect(pairs(communes, network('d', [], ['21231', '21054']))).toEqual(['d/c: 21231 (21231)']);
  expect(pairs(communes, network('d', [whole('974'), whole('2B'), whole('97')]))).toEqual([
    'd/c: 974 (974),2B (2B)',
  ]);
  expect(pairs(network('d', [whole('974'), whole('2A')]), communes)).toEqual(['c/d: 97411 (97411)']);
});

it('communes that are listed are all that a network covers of their département', () => {
  const some = network('some', [whole('83'), part('04', 'ouest')], ['83009', '04070']);
  expect(pairs(some, network('others', [whole('83'), whole('04')], ['83130', '04112']))).toEqual([]);
  expect(pairs(some, network('all', [whole('83')]))).toEqual(['all/some: 83 (83)']);
});

it('overlaps do not depend on the order of the networks', () => {
  const territory = fc.record({
    departements: fc.uniqueArray(
      fc.record({
        code: fc.constantFrom('21', '71', '974'),
        partie: fc.constantFrom(undefined, 'nord', 'sud'),
      }),
      { selector: ({ code }) => code, maxLength: 3 },
    ),
    communes: fc.uniqueArray(fc.constantFrom('21231', '71270', '97411', '21054'), { maxLength: 3 }),
  });
  fc.assert(
    fc.property(fc.array(territory, { maxLength: 5 }), (territories) => {
      const networks = territories.map(({ departements, communes }, index) =>
        network(
          String(index),
          departements.map(({ code, partie }) => (partie === undefined ? whole(code) : part(code, partie))),
          communes,
        ),
      );
      const met = (list: Network[]): string[] =>
        overlapsOf(list)
          .map(({ network: one, other }) => [one.id, other.id].sort().join('/'))
          .sort();
      expect(met(networks.toReversed())).toEqual(met(networks));
    }),
  );
});

it('a region has holes where nobody is, and départements that one network alone covers in part', () => {
  const cover = coverOf([
    network('a', [whole('2A')]),
    network('b', [part('29', 'nord'), part('22', 'nord')], ['35238']),
    network('c', [part('22', 'sud')]),
  ]);
  expect(holesIn('corse', cover, places)).toEqual({ uncovered: ['Haute-Corse (2B)'], partly: [] });
  expect(holesIn('bretagne', cover, places)).toEqual({
    uncovered: ['Morbihan (56)'],
    partly: ['Finistère (29)', 'Ille-et-Vilaine (35)'],
  });
  expect(holesIn('atlantide', cover, places)).toEqual({ uncovered: [], partly: [] });
});

it('the list of places is whole: 18 regions, 101 départements, each commune in one of them', () => {
  expect([places.regions.size, places.departments.size]).toEqual([18, 101]);
  expect(['01053', '2A004', '97105', '97611', '75056'].map(departmentOf)).toEqual([
    '01',
    '2A',
    '971',
    '976',
    '75',
  ]);
});
