/** Each profile over its own fixtures: one valid resource, and copies of it with one fault. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { canonicalBase } from '../../src/fhir/names.ts';
import type { Validator } from '../../src/validation/validator.ts';
import { testValidator } from '../validator.ts';

const fixtures = resolve(import.meta.dirname, '../fixtures/profiles');
const valid = readdirSync(join(fixtures, 'valid'));

type Profiled = { resourceType: string; meta: { profile: string[] } };

const read = (folder: string, file: string) =>
  JSON.parse(readFileSync(join(fixtures, folder, file), 'utf8')) as Profiled;

/** Where the fault of each faulty copy is. */
const faultOf: Record<string, string> = {
  'pas-activity-order-unknown-activity': 'ServiceRequest.code.coding',
  'pas-affiliation-ends-before-it-begins': 'OrganizationAffiliation.period',
  'pas-affiliation-request-unknown-decision':
    'OrganizationAffiliation.extension[0].extension[1].valueCodeableConcept.coding',
  'pas-affiliation-unknown-profile': 'OrganizationAffiliation.meta.profile',
  'pas-affiliation-with-network': 'OrganizationAffiliation',
  'pas-care-offer-unknown-mission': 'HealthcareService.type[1].coding',
  'pas-care-plan-reference-and-detail': 'CarePlan.activity[1]',
  'pas-consultation-finished-without-end': 'Encounter',
  'pas-document-bundle-composition-not-first': 'Bundle',
  'pas-document-reference-class-not-of-type': 'DocumentReference',
  'pas-establishment-finess-without-type': 'Organization.identifier[0].type',
  'pas-establishment-unknown-extension': 'Organization.extension[1]',
  'pas-filler-order-without-based-on': 'ServiceRequest.basedOn',
  'pas-directory-organization-without-name': 'Organization.name',
  'pas-directory-practitioner-with-birth-date': 'Practitioner',
  'pas-directory-role-without-practitioner': 'PractitionerRole.practitioner',
  'pas-care-circle-of-nobody': 'CareTeam.subject',
  'pas-circle-task-for-nobody': 'Task.input',
  'pas-identity-task-unknown-purpose': 'Task.code.coding',
  'pas-acknowledge-task-no-end': 'Task.restriction.period.end',
  'pas-overdue-task-no-end': 'Task.restriction.period.end',
  'pas-routing-task-without-description': 'Task.description',
  'pas-closed-task-without-description': 'Task.description',
  'pas-consent-task-without-description': 'Task.description',
  'pas-indicator-unknown-count': 'Measure.group[0].population[0].code.coding[1]',
  'pas-indicator-without-scoring': 'Measure.scoring',
  'pas-network-action-unknown-action': 'ActivityDefinition.code.coding',
  'pas-network-action-without-dates': 'ActivityDefinition.timing',
  'pas-network-document-with-subject': 'DocumentReference',
  'pas-network-document-without-date': 'DocumentReference.content[0].attachment.creation',
  'pas-network-organization-label-without-type': 'Organization.extension[1].extension',
  'pas-network-organization-two-network-types': 'Organization.type',
  'pas-network-team-quorum-of-nobody': 'CareTeam.extension[0].extension[0].valuePositiveInt',
  'pas-network-team-with-subject': 'CareTeam',
  'pas-organisational-protocol-with-url': 'PlanDefinition',
  'pas-practitioner-role-without-code': 'PractitionerRole.code',
  'pas-practitioner-with-birth-date': 'Practitioner',
  'pas-protocol-activity-kind-appointment': 'ActivityDefinition.kind',
  'pas-protocol-step-after-unknown-step': 'PlanDefinition',
  'pas-referral-consent-without-date': 'Consent.dateTime',
  'pas-referral-letter-other-type': 'DocumentReference.type.coding',
  'pas-referral-order-do-not-perform': 'ServiceRequest',
  'pas-referral-order-intent-plan': 'ServiceRequest.intent',
  'pas-referral-order-two-pathways': 'ServiceRequest.instantiatesCanonical',
  'pas-referral-order-without-placer-identifier': 'ServiceRequest.identifier',
  'pas-referral-patient-ins-not-qualified': 'Patient',
  'pas-referral-patient-ins-without-birth-place': 'Patient',
  'pas-referral-task-completed-without-outcome': 'Task',
  'pas-team-opinion-without-file': 'Composition.section',
  'pas-team-opinion-criterion-perhaps':
    'Composition.section[4].extension[0].extension[1].valueCodeableConcept.coding',
  'pas-consultation-report-without-findings': 'Composition.section',
  'pas-remote-opinion-without-opinion': 'Composition.section',
  'pas-remote-opinion-request-without-question': 'Composition.section',
  'pas-addressing-letter-without-question': 'Composition.section',
  'pas-discharge-letter-without-medications': 'Composition.section',
  'pas-transfer-note-without-allergies': 'Composition.section',
  'pas-personal-plan-without-goals': 'Composition.section',
  'pas-submission-set-without-source': 'List.extension',
  'pas-synthesis-without-plan': 'Composition.section',
  'pas-territory-facility': 'Location.type[0].coding[0].code',
};

/** R4 §2.4: this one is a fault of ours when we publish it (HAPI refuses it), and none that a reader may refuse for. */
const onlyWarned = 'pas-establishment-unknown-extension';

let validator: Validator;
beforeAll(async () => {
  validator = await testValidator();
});

describe('profiles', () => {
  it.each(valid)('accept %s', (file) => {
    expect(validator.validate(read('valid', file))).toEqual([]);
  });

  it.each(readdirSync(join(fixtures, 'invalid')))('refuse %s and point at the fault', (file) => {
    const name = file.replace('.json', '');
    const issues = validator.validate(read('invalid', file));
    const severity = name === onlyWarned ? 'warning' : 'error';
    expect(issues).toContainEqual(expect.objectContaining({ severity, expression: faultOf[name] }));
  });

  it.each(valid)('asked of a resource that does not claim them, hold it to the same rules: %s', (file) => {
    const resource = read('valid', file);
    const [profile] = resource.meta.profile;
    const bare = { resourceType: resource.resourceType };
    const named = validator.validate({ ...bare, meta: { profile: [profile] } });
    expect(named.length).toBeGreaterThan(0);
    expect(validator.validate(bare, [profile!]).length).toBeGreaterThanOrEqual(named.length);
  });

  it('are known by their canonical URL, with or without a version', () => {
    const resource = read('valid', 'pas-affiliation.json');
    const [profile] = resource.meta.profile;
    expect(validator.validate(resource, [`${profile}|0.1.0`])).toEqual([]);
  });

  it.each(['pas-absent', '', 'constructor', '__proto__'])(
    'that nobody knows are an error: %j, asked or claimed',
    (name) => {
      const url = name.startsWith('pas') ? `${canonicalBase}/StructureDefinition/${name}` : name;
      const issue = expect.objectContaining({ severity: 'error', code: 'not-supported' });
      const organization = { resourceType: 'Organization', name: 'CH' };
      expect(validator.validate(organization, [url])).toContainEqual(issue);
      expect(validator.validate({ ...organization, meta: { profile: [url] } })).toContainEqual(issue);
    },
  );

  it('of another resource type are an error', () => {
    const [profile] = read('valid', 'pas-affiliation.json').meta.profile;
    expect(validator.validate({ resourceType: 'Patient', active: true }, [profile!])).toContainEqual(
      expect.objectContaining({ severity: 'error', code: 'structure', expression: 'Patient' }),
    );
  });
});
