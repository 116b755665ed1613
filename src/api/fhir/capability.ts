/** The CapabilityStatement of this instance, generated from the table it serves. */
import { canonicalBase } from '../../fhir/names.ts';
import type { CapabilityStatement } from '../../fhir/types.ts';
import { extensionUrls, topics } from '../../subscription/topics.ts';
import { type Includes, interactionsOf, type SearchForm, type TypeRow } from '../table.ts';
import { includesOf } from './search-query.ts';

type Rest = NonNullable<CapabilityStatement['rest']>[number];
type ResourceEntry = NonNullable<Rest['resource']>[number];

const searchTypes: Record<SearchForm, 'token' | 'reference' | 'string' | 'uri' | 'date'> = {
  identifier: 'token',
  concept: 'token',
  coding: 'token',
  code: 'token',
  boolean: 'token',
  reference: 'reference',
  uri: 'uri',
  text: 'string',
  period: 'date',
  date: 'date',
};

/** How the guide calls search parameters of its own, before their name. */
const prefixes: Readonly<Record<string, string>> = {
  Location: 'location',
  Organization: 'organization',
  OrganizationAffiliation: 'affiliation',
};

export type CapabilityFacts = { fhirBase: string; version: string; since: Date };

/** `since` is when this gateway started: the statement cannot have changed later. */
export function capabilityStatement(
  table: ReadonlyMap<string, TypeRow>,
  { fhirBase, version, since }: CapabilityFacts,
): CapabilityStatement {
  return {
    resourceType: 'CapabilityStatement',
    status: 'active',
    date: since.toISOString(),
    kind: 'instance',
    software: { name: 'Passerelle', version },
    implementation: {
      description: 'Passerelle entre réseaux de soins et serveurs FHIR hospitaliers',
      url: fhirBase,
    },
    fhirVersion: '4.0.1',
    format: ['application/fhir+json'],
    rest: [
      {
        ...serverRest(table),
        security: {
          cors: false,
          service: [{ text: 'SMART Backend Services' }, { text: 'HTTP Basic' }],
          description: `Voir ${fhirBase}/.well-known/smart-configuration`,
        },
      },
    ],
  };
}

/** What the table offers, whatever the instance: the guide's own statement says the same. */
export function serverRest(table: ReadonlyMap<string, TypeRow>): Rest {
  return {
    mode: 'server',
    documentation:
      'Ni serveur FHIR général ni entrepôt : lecture de ce que les réseaux publient, adressages par transaction, synthèses par document. ' +
      'Annuaire IHE mCSD : recherche [ITI-90] par GET et par POST _search, historique [ITI-91] par type avec _since ; JSON seul, sans XML.',
    interaction: [{ code: 'transaction' }],
    resource: [...table.values()].map(resourceEntry),
  };
}

function resourceEntry(row: TypeRow): ResourceEntry {
  const searchable = row.reads.includes('search-type');
  return {
    type: row.type as ResourceEntry['type'],
    interaction: interactionsOf(row).map((code) => ({ code })),
    ...(row.reads.includes('vread') ? { versioning: row.update ? 'versioned-update' : 'versioned' } : {}),
    readHistory: row.reads.includes('vread'),
    updateCreate: false,
    conditionalCreate: false,
    conditionalRead: row.reads.includes('vread') ? 'full-support' : 'not-supported',
    conditionalUpdate: false,
    conditionalDelete: 'not-supported',
    ...(row.source === 'subscription' ? { extension: topicExtensions } : {}),
    ...(row.directory ? includedBy(row, row.directory) : {}),
    ...(searchable ? { searchParam: searchParams(row) } : {}),
    operation: operationsOf(row),
  };
}

/** A type of the mCSD Directory (MCSD-22): both ways to search, and what comes along. */
function includedBy(row: TypeRow, { revinclude }: Includes): Partial<ResourceEntry> {
  const include = includesOf(row);
  return {
    documentation:
      'ITI-90 par GET et par POST _search ; ITI-91 par _history?_since, suppressions jamais : inactivation.',
    ...(include.length ? { searchInclude: include } : {}),
    ...(revinclude.length ? { searchRevInclude: [...revinclude] } : {}),
  };
}

function searchParams(row: TypeRow): NonNullable<ResourceEntry['searchParam']> {
  return [
    { name: '_id', type: 'token' },
    { name: '_lastUpdated', type: 'date' },
    ...row.search.map(({ name, form, path }) => ({
      ...{ name, type: searchTypes[form] },
      ...(path.includes('ext(')
        ? { definition: `${canonicalBase}/SearchParameter/${prefixes[row.type]}-${name}` }
        : {}),
      ...(form === 'text' ? { documentation: 'Aussi avec :contains et :exact.' } : {}),
    })),
  ];
}

/** What may be subscribed to (Subscriptions R5 Backport, CapabilityStatement for R4). */
const topicExtensions = topics.map(({ canonical }) => ({
  url: extensionUrls.topic,
  valueCanonical: canonical,
}));
const backportOperations = 'http://hl7.org/fhir/uv/subscriptions-backport/OperationDefinition';
const subscriptionOperations = ['status', 'events'].map((name) => ({
  name,
  definition: `${backportOperations}/backport-subscription-${name}`,
}));

function operationsOf(row: TypeRow): NonNullable<ResourceEntry['operation']> {
  const base = 'http://hl7.org/fhir/OperationDefinition';
  const validate = { name: 'validate', definition: `${base}/Resource-validate` };
  const apply = { name: 'apply', definition: `${base}/PlanDefinition-apply` };
  if (row.type === 'PlanDefinition') return [validate, apply];
  return row.type === 'Subscription' ? [validate, ...subscriptionOperations] : [validate];
}
