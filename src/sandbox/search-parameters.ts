/** Search parameters that hospitals use, as data (FHIR R4, "Search Parameters" of each resource page). */

export type SearchParameter = {
  kind: 'token' | 'reference' | 'string' | 'date' | 'uri';
  /** Element paths below the resource; any of them may match. */
  paths: readonly string[];
  /** Types a bare id may point to. */
  targets?: readonly string[];
};

const token = (...paths: string[]): SearchParameter => ({ kind: 'token', paths });
const text = (...paths: string[]): SearchParameter => ({ kind: 'string', paths });
const date = (...paths: string[]): SearchParameter => ({ kind: 'date', paths });
const uri = (...paths: string[]): SearchParameter => ({ kind: 'uri', paths });
const reference = (path: string, ...targets: string[]): SearchParameter => ({
  kind: 'reference',
  paths: [path],
  targets,
});

const identifier = token('identifier');
const status = token('status');
const active = token('active');
const code = token('code');
const category = token('category');
const patientOf = (path: string): Record<string, SearchParameter> => ({
  patient: reference(path, 'Patient'),
  subject: reference(path, 'Patient', 'Group'),
});
const canonical = { identifier, status, url: uri('url'), name: text('name'), title: text('title') };

/** Parameters that every type has. */
export const commonParameters: Record<string, SearchParameter> = {
  _id: token('id'),
  _lastUpdated: date('meta.lastUpdated'),
  _tag: token('meta.tag'),
  _profile: uri('meta.profile'),
  _security: token('meta.security'),
  _source: uri('meta.source'),
};

/** Types the hospital keeps, each with its own parameters. */
export const searchParameters: Record<string, Record<string, SearchParameter>> = {
  ActivityDefinition: canonical,
  AllergyIntolerance: { identifier, code, patient: reference('patient', 'Patient') },
  Appointment: { identifier, status, date: date('start') },
  AuditEvent: { type: token('type'), date: date('recorded'), entity: reference('entity.what') },
  Basic: { identifier, code, ...patientOf('subject') },
  Binary: {},
  Bundle: { identifier, type: token('type'), timestamp: date('timestamp') },
  CarePlan: {
    identifier,
    status,
    category,
    'based-on': reference('basedOn', 'CarePlan'),
    ...patientOf('subject'),
  },
  CareTeam: {
    identifier,
    status,
    category,
    participant: reference('participant.member'),
    ...patientOf('subject'),
  },
  Communication: { identifier, status, 'based-on': reference('basedOn'), ...patientOf('subject') },
  CommunicationRequest: { identifier, status, 'based-on': reference('basedOn'), ...patientOf('subject') },
  Composition: {
    identifier,
    status,
    type: token('type'),
    category,
    date: date('date'),
    ...patientOf('subject'),
  },
  Condition: {
    identifier,
    code,
    category,
    'clinical-status': token('clinicalStatus'),
    ...patientOf('subject'),
  },
  Consent: { identifier, status, category, patient: reference('patient', 'Patient'), date: date('dateTime') },
  DocumentReference: {
    identifier: token('masterIdentifier', 'identifier'),
    status,
    category,
    type: token('type'),
    date: date('date'),
    related: reference('context.related'),
    encounter: reference('context.encounter', 'Encounter'),
    ...patientOf('subject'),
  },
  Encounter: {
    identifier,
    status,
    class: token('class'),
    date: date('period.start'),
    'based-on': reference('basedOn', 'ServiceRequest'),
    ...patientOf('subject'),
  },
  Endpoint: { identifier, status, organization: reference('managingOrganization', 'Organization') },
  Flag: { identifier, status, code, ...patientOf('subject') },
  Goal: { identifier, 'lifecycle-status': token('lifecycleStatus'), ...patientOf('subject') },
  HealthcareService: {
    identifier,
    active,
    name: text('name'),
    organization: reference('providedBy', 'Organization'),
    location: reference('location', 'Location'),
    'service-type': token('type'),
    specialty: token('specialty'),
  },
  List: { identifier, status, code, ...patientOf('subject') },
  Location: {
    identifier,
    status,
    name: text('name', 'alias'),
    organization: reference('managingOrganization', 'Organization'),
  },
  Measure: canonical,
  MeasureReport: { identifier, status },
  MedicationStatement: { identifier, status, ...patientOf('subject') },
  Observation: {
    identifier,
    status,
    code,
    category,
    date: date('effectiveDateTime'),
    ...patientOf('subject'),
  },
  Organization: {
    identifier,
    active,
    name: text('name', 'alias'),
    type: token('type'),
    partof: reference('partOf', 'Organization'),
  },
  OrganizationAffiliation: {
    identifier,
    active,
    role: token('code'),
    'primary-organization': reference('organization', 'Organization'),
    'participating-organization': reference('participatingOrganization', 'Organization'),
    network: reference('network', 'Organization'),
  },
  Patient: {
    identifier,
    active,
    name: text('name'),
    family: text('name.family'),
    given: text('name.given'),
    birthdate: date('birthDate'),
    gender: token('gender'),
    organization: reference('managingOrganization', 'Organization'),
  },
  PlanDefinition: canonical,
  Practitioner: {
    identifier,
    active,
    name: text('name'),
    family: text('name.family'),
    given: text('name.given'),
  },
  PractitionerRole: {
    identifier,
    active,
    role: token('code'),
    specialty: token('specialty'),
    organization: reference('organization', 'Organization'),
    practitioner: reference('practitioner', 'Practitioner'),
    service: reference('healthcareService', 'HealthcareService'),
  },
  Procedure: { identifier, status, code, 'based-on': reference('basedOn'), ...patientOf('subject') },
  Provenance: { target: reference('target'), recorded: date('recorded') },
  Questionnaire: canonical,
  QuestionnaireResponse: { identifier, status, 'based-on': reference('basedOn'), ...patientOf('subject') },
  RelatedPerson: { identifier, active, name: text('name'), patient: reference('patient', 'Patient') },
  ServiceRequest: {
    identifier,
    status,
    code,
    category,
    intent: token('intent'),
    priority: token('priority'),
    requisition: token('requisition'),
    authored: date('authoredOn'),
    'based-on': reference('basedOn', 'ServiceRequest', 'CarePlan'),
    'instantiates-canonical': uri('instantiatesCanonical'),
    encounter: reference('encounter', 'Encounter'),
    performer: reference('performer'),
    requester: reference('requester'),
    ...patientOf('subject'),
  },
  Subscription: { status },
  Task: {
    identifier,
    status,
    code,
    intent: token('intent'),
    'business-status': token('businessStatus'),
    'group-identifier': token('groupIdentifier'),
    'authored-on': date('authoredOn'),
    modified: date('lastModified'),
    'based-on': reference('basedOn'),
    'part-of': reference('partOf', 'Task'),
    focus: reference('focus'),
    owner: reference('owner'),
    requester: reference('requester'),
    patient: reference('for', 'Patient'),
    subject: reference('for', 'Patient'),
  },
};

/** The parameter of a type, or undefined when this hospital does not know it. */
export function searchParameter(type: string, name: string): SearchParameter | undefined {
  const own = searchParameters[type] ?? {};
  if (Object.hasOwn(own, name)) return own[name];
  return Object.hasOwn(commonParameters, name) ? commonParameters[name] : undefined;
}
