import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { checkFiness, checkIns, checkRpps, checkSiren, checkSiret } from '../src/fhir/identifiers.ts';
import { syntheticIdentifiers, withWrongDigit } from './synthetic.ts';

describe('synthetic identifiers', () => {
  it('are valid and lie in fictive ranges, for any seed', () => {
    const property = fc.property(fc.nat(), fc.boolean(), (seed, volume) => {
      const make = syntheticIdentifiers({ seed, volume });
      const [rpps, finess, siren, siret, ins] = [
        make.rpps(),
        make.finess(),
        make.siren(),
        make.siret(),
        make.insNir(),
      ];
      expect([checkRpps(rpps), checkFiness(finess), checkSiren(siren)]).toEqual(['valid', 'valid', 'valid']);
      expect([checkSiret(siret), checkIns(ins)]).toEqual(['valid', 'valid']);
      expect(rpps).toMatch(volume ? /^109/ : /^1099990/);
      expect(finess).toMatch(/^99/);
      expect(siren + siret).toMatch(volume ? /^999/ : /^99999/);
      expect(ins.slice(5, 7)).toBe('99');
      expect(make.idNatPs()).toMatch(/^8109/);
      expect(make.idNatSt()).toMatch(/^199/);
    });
    fc.assert(property);
  });

  it('are the same for the same seed and never repeat', () => {
    const draw = (): string[] => {
      const make = syntheticIdentifiers({ seed: 7 });
      return Array.from({ length: 500 }, () => make.rpps());
    };
    expect(draw()).toEqual(draw());
    expect(new Set(draw()).size).toBe(500);
  });

  it('say when the range is used up', () => {
    const make = syntheticIdentifiers({ seed: 1 });
    expect(() => Array.from({ length: 1001 }, () => make.rpps())).toThrow(RangeError);
  });

  it('can be made wrong', () => {
    expect(checkRpps(withWrongDigit(syntheticIdentifiers({ seed: 1 }).rpps()))).toBe('wrong-digit');
  });
});
