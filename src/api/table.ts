/**
 * The stated table of `/fhir`: which types, which interactions, which search parameters, and who may. The
 * CapabilityStatement, the routes and docs/api.md follow from it; a cell that is not here is answered 404 or 405.
 */
import type { ServedSource } from '../store/served-sources.ts';
import type { Role } from './types.ts';

/** Interactions of FHIR R4 (restful-interaction) that a type may have here. */
export type Interaction =
  'read' | 'vread' | 'search-type' | 'history-instance' | 'history-type' | 'create' | 'update' | 'delete';

/**
 * What a search value is matched with: an Identifier, a CodeableConcept, a Coding, a code, a boolean, a Reference, a
 * canonical or URI, the beginning of a text (or with `:contains` any part, with `:exact` all of it), a date, or a Period.
 */
export type SearchForm =
  'identifier' | 'concept' | 'coding' | 'code' | 'boolean' | 'reference' | 'uri' | 'text' | 'date' | 'period';

/**
 * A search parameter: its name, its form, and the element it looks at (fhir/search-path.ts); a text may stand in several
 * elements, with `|` between them.
 */
export type SearchParameter = { name: string; form: SearchForm; path: string; target?: string };

/** Whether only the resource itself tells if it matches: SQL does not compare periods. */
export function isDated({ form }: SearchParameter): boolean {
  return form === 'period' || form === 'date';
}

/** What a search may bring along: `_include` follows references of what was found, `_revinclude` those to it. */
export type Includes = { include: readonly SearchParameter[]; revinclude: readonly string[] };

/** A row: absent `create`, `update` or `remove` means that nobody may. */
export type TypeRow = {
  type: string;
  source: ServedSource;
  reads: readonly Interaction[];
  create?: readonly Role[];
  update?: readonly Role[];
  remove?: readonly Role[];
  /** Referrals carry such resources along: they are read by id like what is published. */
  carried?: true;
  /** A type of the mCSD Directory: the held directory's records are served beside what is published. */
  directory?: Includes;
  /** No network publishes such: only the held directory has them. */
  heldOnly?: true;
  search: readonly SearchParameter[];
};

/** Who may read: an administrator has no ground for reading patients. */
export const readers: readonly Role[] = ['reader', 'placer', 'fulfiller'];

/** Who may post a referral. */
export const placers: readonly Role[] = ['placer'];

/** The sides of a referral: whom it is told of. */
const parties: readonly Role[] = ['placer', 'fulfiller'];

const all: readonly Interaction[] = ['read', 'vread', 'search-type', 'history-instance', 'history-type'];

/** `name:form:path` or `name:reference:path:Target` (`*`: any type, so no bare ids). */
function parameters(...lines: string[]): SearchParameter[] {
  return lines.map((line) => {
    const [name, form, path, target] = line.split(':') as [string, SearchForm, string, string?];
    return { name, form, path, ...(target && target !== '*' ? { target } : {}) };
  });
}

const identifier = 'identifier:identifier:identifier[]';
/** Regions (TRE_R30) are tags of what networks publish. */
const tag = '_tag:coding:meta.tag[]';
const subject = ['patient:reference:subject:Patient', 'subject:reference:subject:Patient'];
const definition = ['url:uri:url', 'status:code:status', 'name:text:name', 'title:text:title'];

/** Rows in the order of the alphabet within each source. */
export const typeTable: readonly TypeRow[] = [
  published('ActivityDefinition', ...definition),
  published(
    'CareTeam',
    'status:code:status',
    'category:concept:category[]',
    'participant:reference:participant[].member:*',
  ),
  {
    ...directory(
      {},
      published('Endpoint', 'status:code:status', 'organization:reference:managingOrganization:Organization'),
    ),
    heldOnly: true,
  },
  directory(
    {
      include: ['endpoint:reference:endpoint[]:Endpoint', 'organization:reference:providedBy:Organization'],
      revinclude: ['OrganizationAffiliation:service'],
    },
    published(
      'HealthcareService',
      'active:boolean:active',
      'name:text:name',
      'organization:reference:providedBy:Organization',
      'location:reference:location[]:Location',
      'service-category:concept:category[]',
      'service-type:concept:type[]',
      'specialty:concept:specialty[]',
      'characteristic:concept:characteristic[]',
    ),
  ),
  directory(
    { include: ['organization:reference:managingOrganization:Organization'] },
    published(
      'Location',
      'status:code:status',
      'name:text:name|alias[]',
      'type:concept:type[]',
      'partof:reference:partOf:Location',
      'organization:reference:managingOrganization:Organization',
      'commune:coding:ext(pas-communes).valueCoding',
    ),
  ),
  directory(
    {
      include: ['endpoint:reference:endpoint[]:Endpoint', 'partof:reference:partOf:Organization'],
      revinclude: [
        'Location:organization',
        'OrganizationAffiliation:primary-organization',
        'OrganizationAffiliation:participating-organization',
      ],
    },
    carried(
      'Organization',
      'active:boolean:active',
      'name:text:name|alias[]',
      'type:concept:type[]',
      'partof:reference:partOf:Organization',
      'territory:reference:ext(pas-network-territory).valueReference:Location',
      'stage:concept:ext(pas-constitution-stage).ext(stage).valueCodeableConcept',
      'stage-date:date:ext(pas-constitution-stage).ext(date).valueDate',
    ),
  ),
  directory(
    {
      include: [
        'endpoint:reference:endpoint[]:Endpoint',
        'primary-organization:reference:organization:Organization',
        'participating-organization:reference:participatingOrganization:Organization',
        'service:reference:healthcareService[]:HealthcareService',
      ],
    },
    published(
      'OrganizationAffiliation',
      'active:boolean:active',
      'date:period:period',
      'primary-organization:reference:organization:Organization',
      'participating-organization:reference:participatingOrganization:Organization',
      'role:concept:code[]',
      'service:reference:healthcareService[]:HealthcareService',
      'agreement:concept:ext(pas-agreement).ext(type).valueCodeableConcept',
      'agreement-period:period:ext(pas-agreement).ext(period).valuePeriod',
    ),
  ),
  published('Measure', ...definition),
  published('PlanDefinition', ...definition),
  directory(
    { revinclude: ['PractitionerRole:practitioner'] },
    carried(
      'Practitioner',
      'active:boolean:active',
      'name:text:name[].family|name[].given[]|name[].text|name[].prefix[]|name[].suffix[]',
      'family:text:name[].family',
      'given:text:name[].given[]',
    ),
  ),
  directory(
    {
      include: [
        'endpoint:reference:endpoint[]:Endpoint',
        'practitioner:reference:practitioner:Practitioner',
        'organization:reference:organization:Organization',
      ],
    },
    carried(
      'PractitionerRole',
      'active:boolean:active',
      'practitioner:reference:practitioner:Practitioner',
      'organization:reference:organization:Organization',
      'location:reference:location[]:Location',
      'service:reference:healthcareService[]:HealthcareService',
      'role:concept:code[]',
      'specialty:concept:specialty[]',
    ),
  ),
  { type: 'Binary', source: 'clinical', reads: ['read'], search: [] },
  { type: 'Bundle', source: 'clinical', reads: [], create: ['fulfiller'], search: [] },
  clinical(
    'CarePlan',
    {},
    ...subject,
    'status:code:status',
    'based-on:reference:basedOn[]:*',
    'category:concept:category[]',
  ),
  clinical('Condition', {}, ...subject, 'code:concept:code'),
  clinical(
    'Consent',
    { update: ['placer'] },
    'patient:reference:patient:Patient',
    'status:code:status',
    'category:concept:category[]',
  ),
  clinical(
    'DocumentReference',
    { create: ['fulfiller'] },
    ...subject,
    'status:code:status',
    'type:concept:type',
    'related:reference:context.related[]:*',
  ),
  clinical(
    'Encounter',
    { create: ['fulfiller'] },
    ...subject,
    'status:code:status',
    'based-on:reference:basedOn[]:ServiceRequest',
    'class:coding:class',
  ),
  clinical('Patient', {}),
  clinical(
    'ServiceRequest',
    { update: ['fulfiller', 'placer'] },
    ...subject,
    'status:code:status',
    'intent:code:intent',
    'based-on:reference:basedOn[]:*',
    'instantiates-canonical:uri:instantiatesCanonical[]',
  ),
  {
    ...{ type: 'Subscription', source: 'subscription', reads: ['read', 'search-type'] },
    ...{ create: parties, update: parties, remove: parties },
    search: parameters('status:code:status', 'criteria:uri:criteria', 'url:uri:channel.endpoint'),
  },
  clinical(
    'Task',
    { create: ['placer'], update: ['placer', 'fulfiller'] },
    'patient:reference:for:Patient',
    'subject:reference:for:Patient',
    'status:code:status',
    'code:concept:code',
    'focus:reference:focus:*',
    'based-on:reference:basedOn[]:*',
    'part-of:reference:partOf[]:Task',
  ),
];

function published(type: string, ...search: string[]): TypeRow {
  return { type, source: 'published', reads: all, search: parameters(identifier, tag, ...search) };
}

function carried(type: string, ...search: string[]): TypeRow {
  return { ...published(type, ...search), carried: true };
}

/** A type of the mCSD Directory, with what a search of it may bring along. */
function directory(
  { include = [], revinclude = [] }: { include?: string[]; revinclude?: string[] },
  row: TypeRow,
): TypeRow {
  return { ...row, directory: { include: parameters(...include), revinclude } };
}

function clinical(type: string, writes: Pick<TypeRow, 'create' | 'update'>, ...search: string[]): TypeRow {
  return { type, source: 'clinical', reads: all, ...writes, search: parameters(identifier, ...search) };
}

/** The table as a gateway serves it: update only where something behind it takes updates of the type. */
export function servedTable(updatable: ReadonlySet<string>): ReadonlyMap<string, TypeRow> {
  return new Map(
    typeTable.map((row) => {
      const { update: _update, ...fixed } = row;
      return [row.type, updatable.has(row.type) ? row : fixed];
    }),
  );
}

/** Every interaction of a row. */
export function interactionsOf(row: TypeRow): Interaction[] {
  return [
    ...row.reads,
    ...(row.create ? ['create' as const] : []),
    ...(row.update ? ['update' as const] : []),
    ...(row.remove ? ['delete' as const] : []),
  ];
}
