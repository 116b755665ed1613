import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { close } from '../../src/change/close.ts';

const types = [
  'Organization',
  'Practitioner',
  'HealthcareService',
  'PractitionerRole',
  'OrganizationAffiliation',
];
const others = ['Location', 'CareTeam', 'Endpoint', 'PlanDefinition', 'ActivityDefinition', 'Questionnaire'];
const date = fc.constantFrom('2024', '2025-06', '2026-01-01', '2026-11-22', '2027-01-01', '2030-05-05');
const period = fc.record({ start: date, end: date }, { requiredKeys: [] });

describe('close', () => {
  it.each([
    ['Organization', { active: false }],
    ['Practitioner', { active: false }],
    ['HealthcareService', { active: false }],
    ['PractitionerRole', { active: false, period: { end: '2026-11-22' } }],
    ['OrganizationAffiliation', { active: false, period: { end: '2026-11-22' } }],
    ['Location', { status: 'inactive' }],
    ['CareTeam', { status: 'inactive', period: { end: '2026-11-22' } }],
    ['Endpoint', { status: 'off' }],
    ['PlanDefinition', { status: 'retired' }],
    ['ActivityDefinition', { status: 'retired' }],
    ['Questionnaire', { status: 'retired' }],
    ['Measure', { status: 'retired' }],
    ['DocumentReference', { status: 'superseded' }],
    ['Consent', { status: 'inactive' }],
  ])('takes a %s out of use the way its type leaves', (resourceType, expected) => {
    expect(close({ resourceType, language: 'fr' }, '2026-11-22')).toEqual({
      resourceType,
      language: 'fr',
      ...expected,
    });
  });

  it('ends the stay of every participant of a team', () => {
    const team = {
      resourceType: 'CareTeam',
      participant: [{ period: { start: '2024' } }, { period: { end: '2025' } }],
    };
    expect(close(team, '2026-11-22')?.['participant']).toEqual([
      { period: { start: '2024', end: '2026-11-22' } },
      { period: { end: '2025' } },
    ]);
  });

  it('has no rule for what only the side that may can end', () => {
    for (const resourceType of ['Task', 'ServiceRequest', 'CarePlan', 'Patient'])
      expect(close({ resourceType }, '2026-11-22')).toBeUndefined();
  });

  it('changes nothing when repeated, on the same day or later', () => {
    const resource = fc.record({
      resourceType: fc.constantFrom(...types, ...others),
      period,
      participant: fc.array(fc.record({ period }), { maxLength: 3 }),
    });
    fc.assert(
      fc.property(resource, date, (body, today) => {
        const once = close(body, today)!;
        expect(close(once, today)).toEqual(once);
        expect(close(once, '2031-01-01')).toEqual(once);
      }),
    );
  });

  it('never ends a period before it began', () => {
    fc.assert(
      fc.property(date, date, (start, today) => {
        const closed = close({ resourceType: 'PractitionerRole', period: { start } }, today)!;
        expect((closed['period'] as { end: string }).end >= start).toBe(true);
      }),
    );
  });
});
