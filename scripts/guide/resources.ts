/** The resources of the implementation guide as its pages read them, and what pages link to. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { goldenExamples } from './examples.ts';

export const root = join(import.meta.dirname, '../..');

export type Coding = { system?: string; code: string };
export type ElementType = { code: string; profile?: string[]; targetProfile?: string[] };
export type Constraint = {
  key: string;
  severity: string;
  human: string;
  expression?: string;
  source?: string;
};
export type Element = {
  id: string;
  path: string;
  sliceName?: string;
  min?: number;
  max?: string;
  short?: string;
  type?: ElementType[];
  slicing?: { discriminator?: { type: string; path: string }[]; rules: string };
  binding?: { strength: string; valueSet?: string };
  constraint?: Constraint[];
  [other: string]: unknown;
};
export type Concept = { code: string; display?: string; definition?: string };

/** Any conformance resource of the guide; only the fields its pages show. */
export type GuideResource = {
  resourceType: string;
  id: string;
  url: string;
  name: string;
  title?: string;
  description?: string;
  type?: string;
  kind?: string;
  baseDefinition?: string;
  context?: { type: string; expression: string }[];
  snapshot?: { element: Element[] };
  differential?: { element: Element[] };
  content?: string;
  concept?: Concept[];
  compose?: { include: { system?: string; concept?: Concept[]; valueSet?: string[] }[] };
  code?: string;
  base?: string[];
  expression?: string;
  rest?: { mode: string; documentation?: string; resource?: CapabilityResource[] }[];
  group?: ConceptMapGroup[];
};

export type CapabilityResource = {
  type: string;
  profile?: string;
  supportedProfile?: string[];
  interaction?: { code: string }[];
  searchParam?: { name: string }[];
  operation?: { name: string }[];
};

export type ConceptMapGroup = {
  source?: string;
  target?: string;
  element: { code: string; target?: { code?: string; equivalence: string; display?: string }[] }[];
};

/** Everything in `profiles/generated`, by file name. */
export function readGuide(): GuideResource[] {
  const folder = join(root, 'profiles', 'generated');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as GuideResource);
}

/** The example of a profile: what an example network publishes, else the whole resource its tests start from. */
export function exampleOf({ id }: GuideResource): string | undefined {
  if (goldenExamples().has(id)) return `docs/ig/examples/${id}.json`;
  const path = `test/fixtures/profiles/valid/${id}.json`;
  return existsSync(join(root, path)) ? path : undefined;
}

export const isExtension = ({ resourceType, type }: GuideResource): boolean =>
  resourceType === 'StructureDefinition' && type === 'Extension';
export const isProfile = (resource: GuideResource): boolean =>
  resource.resourceType === 'StructureDefinition' && !isExtension(resource);
