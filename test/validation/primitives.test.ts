/** Values whose form the published expressions do not tell whole: days, numbers, URNs, canonicals, base64, length. */
import { describe, expect, it } from '@jest/globals';
import { organization, patient, verdictOn } from './resources.ts';

const identified = (system: string) => patient({ identifier: [{ system, value: 'x' }] });
const binary = (data: string) => ({ resourceType: 'Binary', contentType: 'text/plain', data });
const plan = (library: string) => ({ resourceType: 'PlanDefinition', status: 'draft', library: [library] });

describe('a value is refused', () => {
  it.each([
    ['30 February', patient({ birthDate: '2000-02-30' }), 'Patient.birthDate'],
    ['29 February of a year that has none', patient({ birthDate: '2023-02-29' }), 'Patient.birthDate'],
    ['29 February 1900', patient({ birthDate: '1900-02-29' }), 'Patient.birthDate'],
    ['31 April, with a time', patient({ deceasedDateTime: '2023-04-31T10:00:00Z' }), 'Patient.deceasedDateTime'],
    ['a number beyond 32 bits', patient({ multipleBirthInteger: 2 ** 31 }), 'Patient.multipleBirthInteger'],
    ['an OID that is none', identified('urn:oid:abc'), 'Patient.identifier[0].system'],
    ['an OID with an empty zero', identified('urn:oid:1.2.03'), 'Patient.identifier[0].system'],
    ['a UUID that is none', identified('urn:uuid:abc'), 'Patient.identifier[0].system'],
    ['a UUID in capitals', identified('urn:uuid:A5AFDDF4-E880-459B-876E-E4591B0ACC11'), 'Patient.identifier[0].system'],
    ['an identifier of a relative system', identified('abc'), 'Patient.identifier[0].system'],
    ['a canonical that is relative', plan('Library/x'), 'PlanDefinition.library[0]'],
    ['base64 cut short', binary('QUJ'), 'Binary.data'],
    ['base64 filled up in the middle', binary('QQ==QUJD'), 'Binary.data'],
    ['a text of more than 1 MB', organization({ alias: ['a'.repeat(1024 * 1024 + 1)] }), 'Organization.alias[0]'],
    ['an element with an id and nothing else', patient({ _birthDate: { id: 'a' } }), 'Patient.birthDate'],
    ['such an element in a list', organization({ alias: ['CH'], _alias: [null, { id: 'a' }] }), 'Organization.alias[1]'],
    ['a type other than the reference names', patient({ generalPractitioner: [{ reference: 'Organization/1', type: 'Practitioner' }] }), 'Patient.generalPractitioner[0].type'],
  ])('%s', (_what, resource, expression) => {
    expect(verdictOn(resource)).toEqual([`${expression} error`]);
  }); // prettier-ignore
});

describe('a value is accepted', () => {
  it.each([
    ['29 February 2000 and 2024', patient({ birthDate: '2000-02-29', deceasedDateTime: '2024-02-29' })],
    ['the greatest number of 32 bits', patient({ multipleBirthInteger: 2 ** 31 - 1 })],
    ['an OID', identified('urn:oid:1.2.250.1.213.1.4.8')],
    ['a UUID', identified('urn:uuid:a5afddf4-e880-459b-876e-e4591b0acc11')],
    ['a canonical with a version, and one of a contained resource', { ...plan('https://a.example/Library/x|1.0') }],
    ['base64 in lines', binary('QUJD\r\nQUI=\n')],
    ['an id beside a value', patient({ birthDate: '2000-01-01', _birthDate: { id: 'a' } })],
    ['the type that the reference names', patient({ managingOrganization: { reference: 'Organization/1', type: 'Organization' } })],
  ])('%s', (_what, resource) => {
    expect(verdictOn(resource)).toEqual([]);
  }); // prettier-ignore
});
