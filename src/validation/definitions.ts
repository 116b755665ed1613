/** The part of R4 conformance resources that compiling needs. */

export type ElementType = {
  code: string;
  profile?: string[];
  targetProfile?: string[];
  extension?: RegexExtension[];
};

type RegexExtension = { url: string; valueString?: string };

export type Discriminator = { type: 'value' | 'exists' | 'pattern' | 'type' | 'profile'; path: string };

export type Constraint = { key: string; severity: 'error' | 'warning'; human: string; expression?: string };

/** An ElementDefinition; `fixed[x]` and `pattern[x]` are read by name. */
export type ElementDefinition = {
  id: string;
  path: string;
  sliceName?: string;
  min?: number;
  max?: string;
  base?: { max: string };
  type?: ElementType[];
  contentReference?: string;
  binding?: { strength: string; valueSet?: string };
  slicing?: { discriminator?: Discriminator[]; rules: 'closed' | 'open' | 'openAtEnd' };
  constraint?: Constraint[];
  isModifier?: boolean;
} & { [fixedOrPattern: `fixed${string}` | `pattern${string}`]: unknown };

export type StructureDefinition = {
  url: string;
  version?: string;
  name: string;
  id: string;
  kind: 'primitive-type' | 'complex-type' | 'resource' | 'logical';
  abstract: boolean;
  type: string;
  baseDefinition?: string;
  derivation?: 'specialization' | 'constraint';
  /** Where an extension may stand. */
  context?: { type: string; expression: string }[];
  snapshot: { element: ElementDefinition[] };
  differential: { element: ElementDefinition[] };
};

type Concept = { code: string; concept?: Concept[] };

export type CodeSystem = { url: string; concept?: Concept[] };

type Include = { system?: string; concept?: { code: string }[]; valueSet?: string[]; filter?: unknown[] };

export type ValueSet = { url: string; compose?: { include: Include[]; exclude?: Include[] } };

/** A profile and the profiles that it derives from, itself first. */
export function lineOf(
  profile: StructureDefinition,
  profiles: readonly StructureDefinition[],
): StructureDefinition[] {
  const parent = profiles.find(({ url }) => url === profile.baseDefinition);
  return [profile, ...(parent ? lineOf(parent, profiles) : [])];
}

/** A JSON Schema (2020-12) as data. */
export type Schema = { [keyword: string]: unknown };
