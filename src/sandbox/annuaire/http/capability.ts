/** What the emulated API says of itself at `/metadata` (FHIR R4 CapabilityStatement, kind instance). */
import { servedTypes } from '../population/types.ts';
import { includes, type Parameter, parameters, revincludes } from '../search/parameters.ts';

const kinds: Record<Parameter['kind'], string> = {
  id: 'token',
  active: 'token',
  updated: 'date',
  token: 'token',
  string: 'string',
  'extension-token': 'token',
  'extension-string': 'string',
  reference: 'reference',
};

/** `now` is the directory's instant, ms. */
export function capabilityStatement(base: string, now: number): object {
  return {
    resourceType: 'CapabilityStatement',
    status: 'active',
    date: new Date(now).toISOString(),
    kind: 'instance',
    fhirVersion: '4.0.1',
    format: ['application/fhir+json', 'json'],
    software: { name: 'Passerelle: emulated Annuaire Santé, synthetic data' },
    implementation: { description: 'Emulator of the Annuaire Santé FHIR API v2', url: base },
    rest: [
      {
        mode: 'server',
        security: { description: 'Key in the header ESANTE-API-KEY' },
        resource: servedTypes.map((type) => ({
          type,
          interaction: [{ code: 'read' }, { code: 'search-type' }],
          versioning: 'no-version',
          searchInclude: includes[type],
          searchRevInclude: revincludes[type],
          searchParam: Object.entries(parameters[type]).map(([name, { kind }]) => ({
            name,
            type: kinds[kind],
          })),
        })),
      },
    ],
  };
}
