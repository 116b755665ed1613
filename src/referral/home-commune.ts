/** Where the patient lives, as a commune and nothing finer: what a search for a professional nearby needs. */
import type { Patient } from '../fhir/types.ts';
import type { IdentityRules } from './rules.ts';

/** INSEE code when the address has it, else name and postal code; undefined without a usable home address. */
export function homeCommune({ address = [] }: Patient, { traits }: IdentityRules): string | undefined {
  const usable = address.filter(({ use }) => use !== 'old' && use !== 'billing');
  const home = usable.find(({ use }) => use === 'home') ?? usable[0];
  const insee = home?.extension?.find(({ url }) => url === traits.insee);
  const code = insee?.valueCoding?.code ?? insee?.valueCode ?? insee?.valueString;
  if (code) return code;
  const { city, postalCode } = home ?? {};
  return city && postalCode ? `${city} ${postalCode}` : city;
}
