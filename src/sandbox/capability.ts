/** The hospital's CapabilityStatement: what its tables of types and parameters say. */
import type { Records } from './records.ts';
import { commonParameters, type SearchParameter, searchParameters } from './search-parameters.ts';

const interactions = [
  'read',
  'vread',
  'update',
  'patch',
  'delete',
  'history-instance',
  'history-type',
  'create',
  'search-type',
];
const systemInteractions = ['transaction', 'batch', 'history-system'];

const codes = (list: readonly string[]): { code: string }[] => list.map((code) => ({ code }));

export function capabilityStatement(records: Records): object {
  const searchParam = (parameters: Record<string, SearchParameter>): object[] =>
    Object.entries(parameters).map(([name, { kind }]) => ({ name, type: kind }));
  return {
    resourceType: 'CapabilityStatement',
    status: 'active',
    date: records.now(),
    kind: 'instance',
    software: { name: 'Sandbox hospital', version: '1' },
    implementation: {
      description: 'A hospital over memory, for demonstrations and tests',
      url: records.base,
    },
    fhirVersion: '4.0.1',
    format: ['application/fhir+json'],
    rest: [
      {
        mode: 'server',
        interaction: codes(systemInteractions),
        resource: Object.entries(searchParameters).map(([type, own]) => ({
          type,
          interaction: codes(interactions),
          versioning: 'versioned-update',
          readHistory: true,
          updateCreate: records.ids === 'client',
          conditionalCreate: true,
          conditionalUpdate: true,
          searchParam: [...searchParam(commonParameters), ...searchParam(own)],
        })),
      },
    ],
  };
}
