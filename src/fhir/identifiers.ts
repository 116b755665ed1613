/**
 * French national identifiers: systems, check digits and logical forms (french-standards §2.2 and §6).
 * Official examples themselves fail some check digits, so a wrong one is a warning for the caller to word, never a refusal.
 */

/** Identifier systems as FR Core and the Annuaire Santé write them. */
export const systems = {
  finess: 'https://finess.esante.gouv.fr',
  siren: 'https://sirene.fr',
  rpps: 'https://rpps.esante.gouv.fr',
  rppsRang: 'https://rppsrang.esante.gouv.fr',
  idNatSt: 'urn:oid:1.2.250.1.71.4.2.2',
  idNatPs: 'urn:oid:1.2.250.1.71.4.2.1',
  insNir: 'urn:oid:1.2.250.1.213.1.4.8',
  insNia: 'urn:oid:1.2.250.1.213.1.4.9',
  insNirTest: 'urn:oid:1.2.250.1.213.1.4.10',
  insNirDemo: 'urn:oid:1.2.250.1.213.1.4.11',
} as const;

/** Every system under which a matricule INS travels. */
export const insSystems: ReadonlySet<string> = new Set([
  systems.insNir,
  systems.insNia,
  systems.insNirTest,
  systems.insNirDemo,
]);

/** What a check says: `skipped` where the rule for the value is not published (Corsican FINESS). */
export type CheckResult = 'valid' | 'wrong-form' | 'wrong-digit' | 'skipped';

/** Luhn sum of a digit string is a multiple of ten. */
export function luhnValid(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i += 1) {
    const digit = Number(digits[digits.length - 1 - i]);
    const weighted = i % 2 === 1 ? digit * 2 : digit;
    sum += weighted > 9 ? weighted - 9 : weighted;
  }
  return sum % 10 === 0;
}

/** The digit that makes `digits` followed by it pass Luhn. */
export function luhnDigit(digits: string): string {
  for (let digit = 0; digit < 10; digit += 1) if (luhnValid(`${digits}${digit}`)) return String(digit);
  throw new RangeError('not a digit string');
}

function luhnOf(length: number): (value: string) => CheckResult {
  const form = new RegExp(`^[0-9]{${length}}$`);
  return (value) => (!form.test(value) ? 'wrong-form' : luhnValid(value) ? 'valid' : 'wrong-digit');
}

/** RPPS number: 11 digits, Luhn. */
export const checkRpps = luhnOf(11);
/** SIREN: 9 digits, Luhn. */
export const checkSiren = luhnOf(9);
/** SIRET: 14 digits, Luhn. */
export const checkSiret = luhnOf(14);

/** FINESS, legal or geographic: 9 characters, Luhn; Corsican numbers (2A, 2B) cannot be checked. */
export function checkFiness(value: string): CheckResult {
  if (/^2[AB][0-9]{7}$/.test(value)) return 'skipped';
  return luhnOf(9)(value);
}

/** INS-NIR: 13 characters and their key, key = 97 − (n mod 97), 2A read as 19 and 2B as 18. */
export function checkIns(value: string): CheckResult {
  const match = /^([0-9]{5})(2A|2B|[0-9]{2})([0-9]{6})([0-9]{2})$/.exec(value);
  if (!match) return 'wrong-form';
  const department = match[2] === '2A' ? '19' : match[2] === '2B' ? '18' : match[2]!;
  const number = BigInt(`${match[1]}${department}${match[3]}`);
  return 97n - (number % 97n) === BigInt(match[4]!) ? 'valid' : 'wrong-digit';
}

/** idNatSt of a FINESS site: `1` and the FINESS number. To be looked up in the Annuaire where it can be. */
export function idNatStOfFiness(finess: string): string {
  return `1${finess}`;
}

/** idNatPs of a professional in the RPPS: `8` and the RPPS number. */
export function idNatPsOfRpps(rpps: string): string {
  return `8${rpps}`;
}
