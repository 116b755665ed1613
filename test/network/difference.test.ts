import { describe, expect, it } from '@jest/globals';
import { networkDifferences } from '../../src/network/difference.ts';
import type { Network } from '../../src/network/network.ts';
import { flatten } from '../../src/network/tree.ts';
import { readYaml } from '../../src/network/read-yaml.ts';
import type { JsonObject } from '../../src/fhir/types.ts';

function network(file: string, text: string): Network {
  const { tree } = readYaml(text, file);
  const { data, positions } = flatten(tree!);
  const known = { file, text, hash: '', kind: 'essai', id: 'n1', name: 'N' };
  return { ...known, data: data as JsonObject, positionOf: (pointer) => positions.get(pointer) };
}

const before = network(
  'a.yaml',
  [
    'name: Réseau',
    'provenance: { source: ici }',
    'etablissements:',
    '  - { id: ch-a, nom: CH A }',
    '  - { id: ch-b, nom: CH B, debut: 2024-01-01, fin: 2025-06-30 }',
    '  - { id: ch-c, nom: CH C, debut: 2026-01-01 }',
  ].join('\n'),
);

const after = network(
  'b.yaml',
  [
    'name: Réseau',
    'provenance: { source: ailleurs }',
    'etablissements:',
    '  - { id: ch-0, nom: CH Zéro }',
    '  - { id: ch-a, nom: CH A bis }',
    '  - { id: ch-c, nom: CH C, debut: 2026-01-01 }',
  ].join('\n'),
);

describe('the difference of two descriptions', () => {
  it('says who joined, who left and what changed, each with its line in its own file', () => {
    expect(networkDifferences({ network: before }, { network: after })).toEqual([
      {
        ...{ kind: 'changed', path: ['etablissements', 'ch-a', 'nom'], from: 'CH A', to: 'CH A bis' },
        ...{ before: 'a.yaml:4', after: 'b.yaml:5' },
      },
      { kind: 'left', path: ['etablissements', 'ch-b'], name: 'CH B', before: 'a.yaml:5' },
      { kind: 'joined', path: ['etablissements', 'ch-0'], name: 'CH Zéro', after: 'b.yaml:4' },
    ]);
  });

  it('is nothing between a description and itself', () => {
    expect(networkDifferences({ network: before }, { network: before })).toEqual([]);
  });

  it('compares two days of one description: periods begin and end, lines stay those of the file', () => {
    const [old, young] = [
      { network: before, at: '2025-01-01' },
      { network: before, at: '2026-02-01' },
    ];
    expect(networkDifferences(old, young)).toEqual([
      { kind: 'left', path: ['etablissements', 'ch-b'], name: 'CH B', before: 'a.yaml:5' },
      { kind: 'joined', path: ['etablissements', 'ch-c'], name: 'CH C', after: 'a.yaml:6' },
    ]);
  });

  it('does not mind the order of items that have ids, and names others by their place', () => {
    const list = (...rows: string[]) =>
      network('x.yaml', ['etapes:', ...rows.map((row) => `  - ${row}`)].join('\n'));
    const one = list('{ id: a, nom: A }', '{ id: b, nom: B }');
    const other = list('{ id: b, nom: B }', '{ id: a, nom: A }');
    expect(networkDifferences({ network: one }, { network: other })).toEqual([]);
    const plain = networkDifferences({ network: list('un', 'deux') }, { network: list('un', 'trois') });
    expect(plain).toEqual([
      {
        kind: 'changed',
        path: ['etapes', '2'],
        from: 'deux',
        to: 'trois',
        before: 'x.yaml:3',
        after: 'x.yaml:3',
      },
    ]);
  });
});
