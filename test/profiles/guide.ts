/** The generated implementation guide, read for tests. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CodeSystem, ElementDefinition, StructureDefinition, ValueSet } from 'fhir/r4.js';

const folder = join(import.meta.dirname, '../../profiles/generated');

const resources = readdirSync(folder).map(
  (name) =>
    JSON.parse(readFileSync(join(folder, name), 'utf8')) as StructureDefinition | CodeSystem | ValueSet,
);

export const codeSystems = resources.filter((resource) => resource.resourceType === 'CodeSystem');
export const valueSets = resources.filter((resource) => resource.resourceType === 'ValueSet');
export const definitions = resources.filter((resource) => resource.resourceType === 'StructureDefinition');
export const profiles = definitions.filter(({ type }) => type !== 'Extension');
export const extensions = definitions.filter(({ type }) => type === 'Extension');

/** An element of a profile's snapshot. */
export function element(profile: string, id: string): ElementDefinition | undefined {
  return definitions
    .find((definition) => definition.id === profile)
    ?.snapshot?.element.find((candidate) => candidate.id === id);
}
