/** The search parameters of the API, type by type, as its documentation lists them (french-standards §3.2). */
import type { ServedType } from '../population/types.ts';

export type Parameter =
  | { kind: 'id' | 'active' | 'updated' }
  | { kind: 'token' | 'string'; places: readonly string[] }
  /** Extensions whose address ends with one of `ends`, anywhere below the resource. */
  | { kind: 'extension-token' | 'extension-string'; ends: readonly string[] }
  /** Kept by the population as an index; `place` is where it stands. */
  | {
      kind: 'reference';
      field: 'practitioner' | 'organization' | 'partof';
      place: string;
      target: ServedType;
    };

const everywhere: Record<string, Parameter> = {
  _id: { kind: 'id' },
  _lastUpdated: { kind: 'updated' },
  'data-information-system': { kind: 'extension-token', ends: ['systeme-information', 'information-system'] },
  'data-registration-authority': {
    kind: 'extension-token',
    ends: ['autorite-enregistrement', 'registration-authority'],
  },
};
const active: Parameter = { kind: 'active' };
const identifier: Parameter = { kind: 'token', places: ['identifier'] };
const identifierType: Parameter = { kind: 'token', places: ['identifier.type'] };
const mailbox: Parameter = { kind: 'string', places: ['telecom.value'] };
const atOrganization = (place: string): Parameter => ({
  kind: 'reference',
  field: 'organization',
  place,
  target: 'Organization',
});

export const parameters: Record<ServedType, Record<string, Parameter>> = {
  Organization: {
    ...everywhere,
    active,
    address: { kind: 'string', places: ['address'] },
    'address-city': { kind: 'string', places: ['address.city'] },
    'address-country': { kind: 'string', places: ['address.country'] },
    'address-postalcode': { kind: 'string', places: ['address.postalCode'] },
    'address-state': { kind: 'string', places: ['address.state'] },
    'address-use': { kind: 'token', places: ['address.use'] },
    identifier,
    'identifier-type': identifierType,
    'mailbox-mss': mailbox,
    name: { kind: 'string', places: ['name', 'alias'] },
    partof: { kind: 'reference', field: 'partof', place: 'partOf', target: 'Organization' },
    'pharmacy-licence': { kind: 'extension-string', ends: ['pharmacy-licence'] },
    type: { kind: 'token', places: ['type'] },
  },
  Practitioner: {
    ...everywhere,
    active,
    family: { kind: 'string', places: ['name.family'] },
    given: { kind: 'string', places: ['name.given'] },
    identifier,
    'identifier-type': identifierType,
    'mailbox-mss': mailbox,
    name: { kind: 'string', places: ['name'] },
    'number-smartcard': { kind: 'extension-string', ends: ['number'] },
    'qualification-code': { kind: 'token', places: ['qualification.code'] },
    'type-smartcard': { kind: 'extension-token', ends: ['type'] },
  },
  PractitionerRole: {
    ...everywhere,
    active,
    identifier,
    'mailbox-mss': mailbox,
    organization: atOrganization('organization'),
    practitioner: {
      kind: 'reference',
      field: 'practitioner',
      place: 'practitioner',
      target: 'Practitioner',
    },
    role: { kind: 'token', places: ['code'] },
  },
  HealthcareService: {
    ...everywhere,
    active,
    characteristic: { kind: 'token', places: ['characteristic'] },
    identifier,
    organization: atOrganization('providedBy'),
    'service-category': { kind: 'token', places: ['category'] },
    'service-type': { kind: 'token', places: ['type'] },
  },
  Device: {
    ...everywhere,
    identifier,
    manufacturer: { kind: 'string', places: ['manufacturer'] },
    model: { kind: 'string', places: ['modelNumber', 'deviceName.name'] },
    organization: atOrganization('owner'),
    status: { kind: 'token', places: ['status'] },
    type: { kind: 'token', places: ['type'] },
  },
};

/** Where `_include` may lead from a type, and who may come by `_revinclude`: `Type:parameter`. */
export const includes: Record<ServedType, readonly string[]> = {
  Practitioner: [],
  PractitionerRole: ['PractitionerRole:practitioner', 'PractitionerRole:organization'],
  Organization: ['Organization:partof'],
  HealthcareService: ['HealthcareService:organization'],
  Device: ['Device:organization'],
};
export const revincludes: Record<ServedType, readonly string[]> = {
  Practitioner: ['PractitionerRole:practitioner'],
  PractitionerRole: [],
  Organization: [
    'PractitionerRole:organization',
    'HealthcareService:organization',
    'Device:organization',
    'Organization:partof',
  ],
  HealthcareService: [],
  Device: [],
};

/** The reference parameter of `Type:parameter`. */
export function linkOf(
  name: string,
):
  | { type: ServedType; field: 'practitioner' | 'organization' | 'partof'; place: string; target: ServedType }
  | undefined {
  const [type, parameter] = name.split(':') as [ServedType, string];
  const found = parameters[type]?.[parameter];
  return found?.kind === 'reference'
    ? { type, field: found.field, place: found.place, target: found.target }
    : undefined;
}
