/** Conformance resources → one JSON document that the validator loads: schemas, shapes and invariants. Build-time work. */
import { anyResource, baseSchemas, type Choices, type Shapes, type Targets } from './base-schema.ts';
import { contradictionsOf } from './contradictions.ts';
import { definitionFaults, FaultyDefinitions } from './definition-faults.ts';
import { type Context, contextOf } from './extension-context.ts';
import {
  type CodeSystem,
  lineOf,
  type Schema,
  type StructureDefinition,
  type ValueSet,
} from './definitions.ts';
import { type Invariants, invariantsOf } from './invariants.ts';
import { profileSchema } from './profile-schema.ts';
import { allCodes, createTerminology, type Terminology } from './terminology.ts';
import { targetsOf } from './values.ts';

/** What `profiles/schemas.json` holds. */
export type CompiledDefinitions = {
  /** By name, which is also how they refer to each other: R4 types, their nested elements, our profiles by id. */
  schemas: Record<string, Schema>;
  shapes: Shapes;
  choices: Choices;
  targets: Targets;
  invariants: Invariants;
  /** Canonical URL → definition name and resource type, of every profile we know. */
  profiles: Record<string, KnownProfile>;
  resourceTypes: string[];
  /** Codes by the URL of their system, of systems that are complete here. */
  closedSystems: Record<string, string[]>;
};

/** `context`: of an extension. */
export type KnownProfile = {
  name: string;
  type: string;
  version?: string;
  targets?: Targets;
  context?: Context;
};

export type Sources = {
  /** R4 data types and resources, with snapshots. */
  types: readonly StructureDefinition[];
  /** Our profiles and extensions, with snapshots. */
  profiles: readonly StructureDefinition[];
  valueSets: readonly ValueSet[];
  codeSystems: readonly CodeSystem[];
  /** Code systems whose list of codes will not grow behind our back: those we publish. */
  closedSystems: readonly CodeSystem[];
};

/** Compiles everything; the same sources give the same document. Throws FaultyDefinitions. */
export function compileDefinitions(sources: Sources): CompiledDefinitions {
  const terminology = createTerminology(sources.valueSets, sources.codeSystems);
  refuseFaults(sources, terminology);
  const resourceTypes = sources.types
    .filter((type) => type.kind === 'resource' && !type.abstract)
    .map((type) => type.id)
    .sort();
  const base = baseSchemas(
    sources.types.filter((type) => type.id !== anyResource && type.id !== 'DomainResource'),
    resourceTypes,
    terminology,
  );
  const nameByUrl = new Map([
    ...sources.types.map((type): [string, string] => [type.url, type.id]),
    ...sources.profiles.map((profile): [string, string] => [profile.url, profile.id]),
  ]);
  const ours = new Set(sources.profiles.map(({ id }) => id));
  const context = {
    terminology,
    definitionOf: (url: string) => nameByUrl.get(url.split('|')[0]!),
    isProfile: (name: string) => ours.has(name),
  };
  const profiles = sources.profiles.map((profile) => [profile.id, profileSchema(profile, context)] as const);
  return {
    schemas: { ...base.definitions, ...Object.fromEntries(profiles) },
    shapes: base.shapes,
    choices: base.choices,
    targets: base.targets,
    invariants: invariantsOf(sources.types, sources.profiles),
    profiles: Object.fromEntries(
      sources.profiles.map((profile) => [
        profile.url,
        {
          name: profile.id,
          type: profile.type,
          ...(profile.version ? { version: profile.version } : {}),
          ...targetsIn(lineOf(profile, sources.profiles)),
          ...(profile.type === 'Extension' ? { context: contextOf(profile) } : {}),
        },
      ]),
    ),
    resourceTypes,
    closedSystems: Object.fromEntries(
      sources.closedSystems.map((system) => [system.url, [...allCodes(system)]]),
    ),
  };
}

/** What a profile and those that it derives from say of the targets of references, slices left out; the nearest counts. */
function targetsIn(line: readonly StructureDefinition[]): { targets?: Targets } {
  const elements = line.toReversed().flatMap(({ differential }) => differential.element);
  const found = elements.flatMap(({ id, path, type }): [string, string[]][] => {
    const targets = id.includes(':') ? undefined : targetsOf(type);
    return targets ? [[path.replace('[x]', 'Reference'), targets]] : [];
  });
  return found.length ? { targets: Object.fromEntries(found) } : {};
}

/** What cannot be read at all is told before what its parent contradicts. */
function refuseFaults({ types, profiles }: Sources, terminology: Terminology): void {
  const all = [...types, ...profiles];
  const faults = definitionFaults(all);
  if (faults.length) throw new FaultyDefinitions(faults);
  const byName = new Map(all.flatMap((one) => [[one.url, one] as const, [one.id, one] as const]));
  const definition = (name: string): StructureDefinition | undefined => byName.get(name.split('|')[0]!);
  const issues = profiles.flatMap((profile) => contradictionsOf(profile, { terminology, definition }));
  if (issues.length) throw new FaultyDefinitions(issues);
}
