/** Small resources of R4, and what the validator says of them. */
import { testValidator } from '../validator.ts';

const validator = await testValidator();

/** `expression severity` of each issue. */
export function verdictOn(resource: object, profiles: readonly string[] = []): string[] {
  return validator
    .validate(resource, profiles)
    .map(({ expression, severity }) => `${expression} ${severity}`);
}

export const organization = (more: object) => ({ resourceType: 'Organization', name: 'CH FICTIF', ...more });
export const patient = (more: object) => ({ resourceType: 'Patient', ...more });
