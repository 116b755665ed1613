/** The valid fixture of each profile, with the profile and what faults are read from. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readSources } from '../../scripts/definitions.ts';
import type { AnyResource } from '../../src/fhir/types.ts';
import type { CompiledDefinitions } from '../../src/validation/compile.ts';
import type { StructureDefinition } from '../../src/validation/definitions.ts';
import { createTerminology } from '../../src/validation/terminology.ts';
import type { Knowledge } from './faults.ts';

const root = resolve(import.meta.dirname, '../..');
const folder = join(root, 'test/fixtures/profiles/valid');

export type Samples = {
  known: Knowledge;
  resources: AnyResource[];
  /** Profiles of resources; of data types and extensions. */
  profiles: StructureDefinition[];
  extensions: StructureDefinition[];
  /** The fixtures that claim a profile. */
  of: (profile: StructureDefinition) => AnyResource[];
};

/** Everything, read from `profiles/` and the fixtures. */
export function readSamples(): Samples {
  const { shapes, choices } = JSON.parse(
    readFileSync(join(root, 'profiles/schemas.json'), 'utf8'),
  ) as CompiledDefinitions;
  const sources = readSources([]);
  const resources = readdirSync(folder).map(
    (name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as AnyResource,
  );
  const ours = sources.profiles.filter(({ id }) => id !== 'SimpleQuantity');
  return {
    known: { shapes, choices, terminology: createTerminology(sources.valueSets, sources.codeSystems) },
    resources,
    profiles: ours.filter(({ kind, abstract }) => kind === 'resource' && !abstract),
    extensions: ours.filter(({ type }) => type === 'Extension'),
    of: ({ url }) => resources.filter(({ meta }) => meta?.profile?.includes(url)),
  };
}
