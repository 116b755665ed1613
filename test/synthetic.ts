/**
 * Synthetic identifiers: valid check digits in fictive ranges only (department 99, RPPS 109…, SIREN 999…), so that none
 * belongs to a person or a structure. An INS made here travels under the test systems alone (.10, .11).
 */
import { createHash } from 'node:crypto';
import { luhnDigit, luhnValid } from '../src/fhir/identifiers.ts';

/** Each call gives a value not given before; the same seed gives the same values in the same order. */
export type SyntheticIdentifiers = {
  rpps(): string;
  idNatPs(): string;
  finess(): string;
  idNatSt(): string;
  siren(): string;
  siret(): string;
  insNir(): string;
};

export type SyntheticOptions = {
  seed: number;
  /** Draws from the wide ranges (10 million RPPS instead of 1,000), for generated data sets. */
  volume?: boolean;
};

/** Throws RangeError when a range has no value left. */
export function syntheticIdentifiers({ seed, volume = false }: SyntheticOptions): SyntheticIdentifiers {
  const random = fractions(seed);
  const digits = (count: number): string =>
    Array.from({ length: count }, () => Math.floor(random() * 10)).join('');
  const unique = (draw: () => string): (() => string) => {
    const given = new Set<string>();
    return () => {
      for (let attempt = 0; attempt < 10_000; attempt += 1) {
        const value = draw();
        if (given.has(value)) continue;
        given.add(value);
        return value;
      }
      throw new RangeError('no synthetic identifier left in this range');
    };
  };
  const withLuhn = (prefix: string, free: number): (() => string) =>
    unique(() => {
      const body = prefix + digits(free);
      return body + luhnDigit(body);
    });

  const rpps = withLuhn(volume ? '109' : '1099990', volume ? 7 : 3);
  const finess = withLuhn('99', 6);
  const siren = withLuhn(volume ? '999' : '99999', volume ? 5 : 3);
  const siret = unique(() => {
    const body = `${siren()}${digits(4)}`;
    return body + luhnDigit(body);
  });
  const insNir = unique(() => {
    const sex = random() < 0.5 ? '1' : '2';
    const month = String(1 + Math.floor(random() * 12)).padStart(2, '0');
    const number = `${sex}${digits(2)}${month}99${digits(6)}`;
    return number + String(97n - (BigInt(number) % 97n)).padStart(2, '0');
  });
  return { rpps, idNatPs: () => `8${rpps()}`, finess, idNatSt: () => `1${finess()}`, siren, siret, insNir };
}

/** The same number with a wrong check digit, for tests of bad input. */
export function withWrongDigit(identifier: string): string {
  const flipped = identifier.slice(0, -1) + String((Number(identifier.at(-1)) + 1) % 10);
  if (luhnValid(flipped)) throw new RangeError('flipping one digit always breaks Luhn');
  return flipped;
}

/** Fractions in [0, 1): a counter and the seed, digested. */
function fractions(seed: number): () => number {
  let counter = 0;
  return () => {
    counter += 1;
    const digest = createHash('sha256').update(`${seed}/${counter}`).digest();
    return digest.readUInt32BE() / 2 ** 32;
  };
}
