import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { communesFrom } from '../../src/directory/communes.ts';
import { middleOf } from '../../src/directory/nearest/places.ts';

const communes = communesFrom(readFileSync('mappings/communes.csv', 'utf8'));

describe('the arrondissements of a city', () => {
  it.each([
    ['Paris', '75056', 20],
    ['Lyon', '69123', 9],
    ['Marseille', '13055', 16],
    ['Villeurbanne', '69266', 0],
    ['an unknown code', '99999', 0],
  ])('of %s', (_name, insee, count) => {
    expect(communes.arrondissementsOf(insee)).toHaveLength(count);
  });

  it('place the city in their middle', () => {
    const parts = [
      { commune: '69381', lat: 45, lon: 4 },
      { commune: '69382', lat: 46, lon: 5 },
    ];
    expect(middleOf('69123', parts)).toEqual({ commune: '69123', lat: 45.5, lon: 4.5 });
    expect(middleOf('69123', [])).toBeUndefined();
  });
});
