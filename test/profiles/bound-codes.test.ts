/** A code that its list does not have is refused where networks write it, and nowhere else. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Bundle, FhirResource } from 'fhir/r4.js';
import { canonicalBase } from '../../src/fhir/names.ts';
import type { Validator } from '../../src/validation/validator.ts';
import { testValidator } from '../validator.ts';

const golden = join(import.meta.dirname, '../fixtures/mapping');
const resources = readdirSync(golden)
  .filter((name) => name.endsWith('.json'))
  .flatMap((name) => (JSON.parse(readFileSync(join(golden, name), 'utf8')) as Bundle).entry ?? [])
  .map(({ resource }) => resource as FhirResource);

const nos = 'https://mos.esante.gouv.fr/NOS';
const own = `${canonicalBase}/CodeSystem`;

/** A list, and where resources of networks hold its codes. */
const places: [system: string, type: FhirResource['resourceType'], expression: RegExp][] = [
  [`${own}/actor-type`, 'Organization', /^Organization\.type\[\d\]/],
  [`${own}/entry-criterion`, 'HealthcareService', /^HealthcareService\.eligibility\[\d\]\.code/],
  [`${own}/audience`, 'HealthcareService', /^HealthcareService\.eligibility\[\d\]\.code/],
  [`${own}/network-document-category`, 'DocumentReference', /^DocumentReference\.category/],
  [`${own}/offer-activity-local`, 'HealthcareService', /^HealthcareService\.specialty\[\d\]/],
  [`${own}/partner-discipline`, 'HealthcareService', /^HealthcareService\.characteristic\[\d\]/],
  [`${own}/discipline`, 'Organization', /^Organization\.extension\[\d+\]\.value/],
  [
    'https://hl7.fr/ig/fhir/core/CodeSystem/fr-core-cs-v2-0203',
    'Organization',
    /^Organization\.identifier\[\d\]\.type/,
  ],
  [
    'https://hl7.fr/ig/fhir/core/CodeSystem/fr-core-cs-v2-0203',
    'Practitioner',
    /^Practitioner\.identifier\[\d\]\.type/,
  ],
  [`${nos}/TRE_R256-TypeMessagerie/FHIR/TRE-R256-TypeMessagerie`, 'Organization', /^Organization\.telecom\[/],
  [
    `${nos}/TRE_R256-TypeMessagerie/FHIR/TRE-R256-TypeMessagerie`,
    'PractitionerRole',
    /^PractitionerRole\.telecom\[/,
  ],
  [`${nos}/TRE_R30-RegionOM/FHIR/TRE-R30-RegionOM`, 'Organization', /^Organization\.meta\.tag\[\d\]/],
  [`${nos}/TRE_R30-RegionOM/FHIR/TRE-R30-RegionOM`, 'Location', /^Location\.meta\.tag\[\d\]/],
  [
    `${nos}/TRE_R30-RegionOM/FHIR/TRE-R30-RegionOM`,
    'OrganizationAffiliation',
    /^OrganizationAffiliation\.meta\.tag\[\d\]/,
  ],
];

/** A copy of the first resource that holds a code of the list, that code made unknown. */
function misspelt(system: string, type: string): unknown {
  for (const resource of resources.filter(({ resourceType }) => resourceType === type)) {
    let done = false;
    const copy: unknown = JSON.parse(JSON.stringify(resource), (_key, value: unknown) => {
      if (done || !value || typeof value !== 'object' || !('code' in value)) return value;
      if (!('system' in value) || value.system !== system) return value;
      done = true;
      return { ...value, code: 'inconnu' };
    });
    if (done) return copy;
  }
  throw new Error(`no ${type} holds a code of ${system}`);
}

describe('a code that its list does not have', () => {
  let validator: Validator;
  beforeAll(async () => {
    validator = await testValidator();
  });

  it.each(places)('%s in a %s is refused at its place', (system, type, expression) => {
    const issues = validator.validate(misspelt(system, type));
    const errors = issues.filter(({ severity }) => severity === 'error');
    expect(errors.length).toBeGreaterThan(0);
    for (const error of errors) expect(error.expression).toMatch(expression);
  });
});
