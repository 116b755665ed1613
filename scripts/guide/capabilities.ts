/**
 * The capability statements of the guide: what `/fhir` offers, read off the very table it serves, and what is asked of
 * a hospital's server. `requirements` in the sense of R4 (capability-statement-kind).
 */
import type {
  CapabilityStatement,
  CapabilityStatementRest,
  CapabilityStatementRestResource,
} from 'fhir/r4.js';
import { serverRest } from '../../src/api/fhir/capability.ts';
import { typeTable } from '../../src/api/table.ts';
import { canonicalBase } from '../../src/fhir/names.ts';

type Profile = { id: string; type: string; url: string };
type Interactions = NonNullable<CapabilityStatementRestResource['interaction']>;

/** A statement must be dated (R4); this is when it last changed in substance. */
const date = '2026-11-28';

/** What relaying a referral and its synthesis writes at a hospital, besides what networks publish. */
const clinicalTypes = ['Binary', 'Bundle', 'DocumentReference', 'Patient', 'ServiceRequest', 'Task'] as const;

/** `profiles` are all profiles of the guide. */
export function capabilityStatements(profiles: readonly Profile[]): CapabilityStatement[] {
  const rest = serverRest(new Map(typeTable.map((row) => [row.type, row])));
  return [
    statement(
      'passerelle-gateway',
      'Passerelle : point d’accès /fhir',
      'What the gateway offers under /fhir.',
      {
        ...rest,
        resource: (rest.resource ?? []).map((one) => withProfiles(one, profiles)),
      },
    ),
    statement('hospital-server', 'Serveur FHIR d’un hôpital', hospitalWords, hospitalRest(profiles)),
  ];
}

const hospitalWords =
  'What Passerelle asks of a hospital server. Ids given by the client are preferred; where the server gives its own, ' +
  'conditional creates take their place. History by type makes reconciliation cheap; without it the server is read whole.';

function statement(
  id: string,
  title: string,
  description: string,
  rest: CapabilityStatementRest,
): CapabilityStatement {
  return {
    resourceType: 'CapabilityStatement',
    ...{ id, url: `${canonicalBase}/CapabilityStatement/${id}`, version: '0.1.0' },
    ...{ name: id.replace(/(^|-)(\w)/g, (_all, _dash, letter: string) => letter.toUpperCase()), title },
    ...{ status: 'active', experimental: false, date, description, kind: 'requirements' },
    ...{ fhirVersion: '4.0.1', format: ['application/fhir+json'], rest: [rest] },
  };
}

function hospitalRest(profiles: readonly Profile[]): CapabilityStatementRest {
  const published = typeTable
    .filter(({ source, heldOnly }) => source === 'published' && !heldOnly)
    .map(({ type }) => type);
  return {
    mode: 'server',
    documentation: 'Transactions of at most 64 entries; If-Match; 409 and 412 both mean: read again.',
    interaction: [{ code: 'transaction' }, { code: 'batch' }],
    resource: [
      ...published.map((type) =>
        hospitalType(type, ['read', 'search-type', 'create', 'update', 'history-type']),
      ),
      ...clinicalTypes.map((type) => hospitalType(type, ['read', 'search-type', 'create', 'update'])),
    ].map((one) => withProfiles(one, profiles)),
  };
}

function hospitalType(type: string, codes: readonly string[]): CapabilityStatementRestResource {
  return {
    type: type as CapabilityStatementRestResource['type'],
    interaction: codes.map((code) => ({ code })) as Interactions,
    ...{ versioning: 'versioned-update', updateCreate: true, conditionalCreate: true },
    searchParam: [
      { name: '_tag', type: 'token' },
      { name: '_lastUpdated', type: 'date' },
      ...(type === 'Binary' ? [] : [{ name: 'identifier', type: 'token' as const }]),
    ],
  };
}

function withProfiles(
  resource: CapabilityStatementRestResource,
  profiles: readonly Profile[],
): CapabilityStatementRestResource {
  const supportedProfile = profiles.filter(({ type }) => type === resource.type).map(({ url }) => url);
  return { ...resource, ...(supportedProfile.length ? { supportedProfile } : {}) };
}
