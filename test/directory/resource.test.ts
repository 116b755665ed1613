import { describe, expect, it } from '@jest/globals';
import type { HeldRow } from '../../src/directory/held-row.ts';
import { resourceOf } from '../../src/directory/resource.ts';

const role: HeldRow = {
  source: 'annuaire',
  kind: 'PractitionerRole',
  key: 'R10999900003',
  state: 'active',
  form: 'fhir',
  content: JSON.stringify({
    resourceType: 'PractitionerRole',
    id: '003-1',
    meta: { versionId: '4', lastUpdated: '2026-01-02T03:04:05Z' },
    identifier: [{ system: 'https://rpps.esante.gouv.fr', value: '10999900003' }],
    active: true,
    practitioner: { reference: 'Practitioner/003-9', display: 'Dr Essai' },
    organization: { reference: 'https://annuaire.example/fhir/Organization/001-2' },
    location: [{ reference: 'Location/7' }],
    endpoint: [{ reference: 'Endpoint/7', identifier: { system: 'urn:x', value: '1' } }],
  }),
  practitioner: 'P810999900003',
  organization: 'S1990780017',
  part_of: null,
};

describe('a held record as a resource', () => {
  it('refers by business key, keeps no id of the source (P-22) and no meta but its origin', () => {
    expect(resourceOf(role)).toEqual({
      resourceType: 'PractitionerRole',
      meta: { source: 'https://passerelle.example/fhir/directory/annuaire' },
      identifier: [{ system: 'https://rpps.esante.gouv.fr', value: '10999900003' }],
      active: true,
      practitioner: {
        reference: 'Practitioner?identifier=urn%3Aoid%3A1.2.250.1.71.4.2.1|810999900003',
        display: 'Dr Essai',
      },
      organization: {
        reference: 'Organization?identifier=urn%3Aoid%3A1.2.250.1.71.4.2.2|1990780017',
      },
      endpoint: [{ identifier: { system: 'urn:x', value: '1' } }],
    });
  });

  it('leaves out what cannot be resolved when the row has no link yet (P-4)', () => {
    const { organization } = resourceOf({ ...role, organization: null });
    expect(organization).toBeUndefined();
  });

  it.each(['closed', 'vanished'])('is not active any more when it is %s', (state) => {
    expect(resourceOf({ ...role, state })['active']).toBe(false);
  });

  it.each([
    ['Location', 'status', 'inactive'],
    ['Endpoint', 'status', 'off'],
    ['Organization', 'active', false],
  ])('says in the words of its type that it ended: %s', (kind, element, word) => {
    const row = { ...role, kind, state: 'vanished', content: JSON.stringify({ resourceType: kind }) };
    expect(resourceOf(row)[element]).toBe(word);
  });

  it('is its identifier alone while nobody showed it (P-4)', () => {
    expect(
      resourceOf({ ...role, kind: 'Organization', key: 'S1990780017', state: 'stub', content: null }),
    ).toEqual({
      resourceType: 'Organization',
      meta: { source: 'https://passerelle.example/fhir/directory/annuaire' },
      identifier: [{ system: 'urn:oid:1.2.250.1.71.4.2.2', value: '1990780017' }],
      active: true,
    });
  });

  it('keeps the origin that its source named', () => {
    const content = JSON.stringify({ resourceType: 'Organization', meta: { source: 'https://o.example' } });
    expect(resourceOf({ ...role, kind: 'Organization', content }).meta).toEqual({
      source: 'https://o.example',
    });
  });
});
