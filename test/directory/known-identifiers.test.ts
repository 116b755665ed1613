import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { type KnownIdentifiers, knownIdentifiersText } from '../../scripts/known-identifiers.ts';
import { checkFiness, checkRpps, checkSiren } from '../../src/fhir/identifiers.ts';
import { root } from '../e2e/passerelle.ts';

const text = readFileSync(join(root, 'examples/directory/known-identifiers.json'), 'utf8');
const { structures, people } = JSON.parse(text) as KnownIdentifiers;

describe('identifiers that the example networks name', () => {
  it('are listed as the examples say them now', async () => {
    expect(text).toBe(await knownIdentifiersText());
  });

  it('have right check digits and are of fictive ranges', () => {
    expect(structures.length).toBeGreaterThan(10);
    expect(people.length).toBeGreaterThan(5);
    for (const { finess, siren } of structures) {
      if (finess) expect([finess.slice(0, 2), checkFiness(finess)]).toEqual(['99', 'valid']);
      if (siren) expect([siren.slice(0, 3), checkSiren(siren)]).toEqual(['999', 'valid']);
    }
    for (const { rpps } of people) expect([rpps.slice(0, 3), checkRpps(rpps)]).toEqual(['109', 'valid']);
  });
});
