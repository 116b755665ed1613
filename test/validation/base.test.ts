import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Validator } from '../../src/validation/validator.ts';
import { testValidator } from '../validator.ts';

let validator: Validator;
beforeAll(async () => {
  validator = await testValidator();
});

/** `expression code` of each issue. */
function verdict(resource: unknown, profiles: string[] = []): string[] {
  return validator.validate(resource, profiles).map((issue) => `${issue.expression ?? '-'} ${issue.code}`);
}

describe('R4 types', () => {
  it('accepts a minimal resource', () => {
    expect(verdict({ resourceType: 'Organization', name: 'CH de démonstration' })).toEqual([]);
  });

  it('names the element that is missing', () => {
    expect(verdict({ resourceType: 'Task', status: 'requested' })).toEqual(['Task.intent required']);
  });

  it('accepts a missing primitive that says why it is absent', () => {
    const extension = [
      { url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'unknown' },
    ];
    expect(verdict({ resourceType: 'Task', status: 'requested', _intent: { extension } })).toEqual([]);
  });

  it('refuses an unknown element and names it', () => {
    const [issue] = validator.validate({ resourceType: 'Patient', birthday: '1970-01-01' });
    expect(issue).toMatchObject({
      expression: 'Patient',
      code: 'structure',
      message: 'élément inconnu : birthday',
    });
  });

  it('does not show an unknown element whose name could carry data', () => {
    const text = JSON.stringify(
      validator.validate({ resourceType: 'Patient', 'Jeanne DURAND 1 74 12': true }),
    );
    expect(text).not.toContain('DURAND');
  });

  it('refuses a code outside a required binding without echoing it', () => {
    const issues = validator.validate({ resourceType: 'Patient', gender: 'canary-gender' });
    expect(issues.map((issue) => `${issue.expression} ${issue.code}`)).toEqual([
      'Patient.gender code-invalid',
    ]);
    expect(JSON.stringify(issues)).not.toContain('canary');
  });

  it.each([
    ['birthDate', '2020-13-01'],
    ['birthDate', 'yesterday'],
    ['deceasedDateTime', '2020-01-01T25:00:00Z'],
    ['id', 'with space'],
    ['active', 'true'],
  ])('refuses %s with a value of the wrong form', (name, value) => {
    expect(verdict({ resourceType: 'Patient', [name]: value })).toHaveLength(1);
  });

  it('refuses two forms of one choice', () => {
    const observation = { resourceType: 'Observation', status: 'final', code: { text: 'x' } };
    expect(verdict({ ...observation, valueString: 'a', valueInteger: 1 })).toEqual(['Observation structure']);
  });

  it('refuses a reference to a type the element does not allow', () => {
    expect(verdict({ resourceType: 'Patient', managingOrganization: { reference: 'Patient/1' } })).toEqual([
      'Patient.managingOrganization.reference value',
    ]);
  });

  it('follows recursive elements', () => {
    const action = [{ title: 'a', action: [{ titel: 'b' }] }];
    expect(verdict({ resourceType: 'PlanDefinition', status: 'active', action })).toEqual([
      'PlanDefinition.action[0].action[0] structure',
    ]);
  });

  it('evaluates invariants of the resource, of nested elements and of data types', () => {
    expect(verdict({ resourceType: 'Organization', active: true })).toEqual(['Organization invariant']);
    const activity = [{ reference: { reference: 'ServiceRequest/1' }, detail: { status: 'not-started' } }];
    const plan = {
      resourceType: 'CarePlan',
      status: 'active',
      intent: 'plan',
      subject: { reference: 'Patient/1' },
    };
    expect(verdict({ ...plan, activity })).toEqual(['CarePlan.activity[0] invariant']);
    expect(verdict({ ...plan, period: { start: '2021', end: '2020' } })).toEqual([
      'CarePlan.period invariant',
    ]);
  });

  it('judges contained resources on their own', () => {
    const contained = [{ resourceType: 'Organization', id: 'o', active: 'yes' }];
    const managingOrganization = { reference: '#o' };
    expect(verdict({ resourceType: 'Patient', contained, managingOrganization })).toEqual([
      'Patient.contained[0].active structure',
    ]);
  });

  it.each([
    [null, '- structure'],
    ['text', '- structure'],
    [{}, '- structure'],
    [{ resourceType: 'Nonsense' }, 'resourceType not-supported'],
    [{ resourceType: '__proto__' }, 'resourceType not-supported'],
  ])('answers something that is no resource with an issue', (value, expected) => {
    expect(verdict(value)).toEqual([expected]);
  });

  it('treats a profile it does not know as an error', () => {
    const meta = { profile: ['https://example.test/StructureDefinition/unknown'] };
    expect(verdict({ resourceType: 'Organization', meta, name: 'x' })).toEqual([
      'Organization.meta.profile not-supported',
    ]);
  });
});

describe('bundles', () => {
  const urn = (n: number) => `urn:uuid:00000000-0000-4000-8000-00000000000${n}`;
  const entry = (fullUrl: string, resource: unknown) => ({
    fullUrl,
    resource,
    request: { method: 'POST', url: 'Patient' },
  });

  it('tells the entry in the expression of an issue', () => {
    const bundle = {
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [entry(urn(1), { resourceType: 'Patient', gender: 'x' })],
    };
    expect(verdict(bundle)).toEqual(['Bundle.entry[0].resource.gender code-invalid']);
  });

  it('refuses urn references that lead nowhere and full URLs given twice', () => {
    const lost = { resourceType: 'Patient', generalPractitioner: [{ reference: urn(9) }] };
    const bundle = {
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [entry(urn(1), lost), entry(urn(1), { resourceType: 'Patient' })],
    };
    expect(verdict(bundle)).toEqual(
      expect.arrayContaining(['Bundle.entry[1].fullUrl invariant', 'Bundle.entry[0].resource not-found']),
    );
  });
});
