/** Kinds of network are data: every folder of `mappings/` that holds a `schema.json` is one. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { AnySchemaObject } from 'ajv';
import type { Issue } from '../fhir/issue.ts';
import { hasErrors } from '../fhir/issue.ts';
import { compileMapping } from '../mapping/compile.ts';
import type { AlsoMeets } from '../mapping/compilation.ts';
import type { MappingLibrary } from '../mapping/compile.ts';
import { locate } from '../mapping/locate.ts';
import type { SourceDocument } from '../mapping/types.ts';
import { fault, startOf } from './fault.ts';
import type { Kind } from './kind.ts';
import { type Places, placesOf } from './places.ts';
import { readDocument, readDocuments, readJson } from './read-definition.ts';
import type { Rule } from './rule.ts';
import { schemaCompiler } from './schema-compiler.ts';
import type { SchemaCompiler } from './schema-compiler.ts';
import { shapeOf } from './shape.ts';

const schemaFile = 'schema.json';
const sharedSchemaFile = 'network.schema.json';
const placesFile = 'places.json';
/** French profiles by version of FR Core and by name. */
export const frenchProfilesFile = 'french-profiles.json';
const rulesSchemaFile = 'rules.schema.json';

/** What all kinds share, read once. */
type Shared = {
  library: MappingLibrary;
  compiler: SchemaCompiler;
  common: AnySchemaObject;
  checkRules: RulesCheck;
  places: Places | undefined;
};
type RulesCheck = (rules: SourceDocument) => Issue[];

/** What may be chosen when mappings are compiled. */
export type Wanted = {
  /** Editions of terminologies that code tables are to write (`editions:` in `codes/*.yaml`). */
  editions?: readonly string[];
  /** Version of FR Core whose profiles are named beside ours (`french-profiles.json`); absent: none. */
  frenchProfiles?: string;
};

/**
 * Reads and compiles every kind below a `mappings/` folder: `schema.json`, `mapping.yaml` (both required) and
 * `rules.yaml` (optional), with the code tables of `codes/` and the mapping parts beside the folders.
 * A kind with an error is left out; its issues say file, line and column. Throws only when the folder cannot be listed.
 */
export async function loadKinds(
  mappingsFolder: string,
  wanted: Wanted = {},
): Promise<{ kinds: ReadonlyMap<string, Kind>; issues: Issue[] }> {
  const issues: Issue[] = [];
  const kinds = new Map<string, Kind>();
  const entries = await readdir(mappingsFolder, { withFileTypes: true });
  const shared = await loadShared(mappingsFolder, wanted, issues);
  const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  for (const name of folders.sort()) {
    if (!(await readdir(join(mappingsFolder, name))).includes(schemaFile)) continue;
    const kind = await loadKind(mappingsFolder, name, shared, issues);
    if (kind) kinds.set(name, kind);
  }
  return { kinds, issues };
}

async function loadKind(
  root: string,
  name: string,
  shared: Shared,
  issues: Issue[],
): Promise<Kind | undefined> {
  const folder = join(root, name);
  const schema = await readJson(join(folder, schemaFile), issues);
  const definition = await readDocument(join(folder, 'mapping.yaml'), issues);
  const names = await readdir(folder);
  const rules = names.includes('rules.yaml')
    ? await readDocument(join(folder, 'rules.yaml'), issues)
    : undefined;
  const faults = rules ? shared.checkRules(rules) : [];
  issues.push(...faults);
  if (!schema || !definition || hasErrors(faults) || (names.includes('rules.yaml') && !rules))
    return undefined;
  const compiled = compileMapping(definition, shared.library);
  issues.push(...compiled.issues);
  if (!compiled.mapping) return undefined;
  try {
    return {
      name,
      title: typeof schema['title'] === 'string' ? schema['title'] : name,
      schema: shared.compiler.compile(`${name}/${schemaFile}`, schema),
      shape: shapeOf(schema, shared.common),
      rules: (rules?.data['rules'] ?? []) as unknown as Rule[],
      ...(shared.places ? { places: shared.places } : {}),
      mapping: compiled.mapping,
    };
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    issues.push(fault(startOf(join(folder, schemaFile)), 'structure', `Schéma refusé : ${cause}`));
    return undefined;
  }
}

async function loadShared(
  root: string,
  { editions = [], frenchProfiles }: Wanted,
  issues: Issue[],
): Promise<Shared> {
  const compiler = schemaCompiler();
  const common = await readJson(join(root, sharedSchemaFile), issues);
  if (common) compiler.add(sharedSchemaFile, common);
  return {
    compiler,
    common: common ?? {},
    places: await placesIn(root, issues),
    checkRules: rulesCheck((await readJson(join(root, rulesSchemaFile), issues)) ?? {}),
    library: {
      codes: await readDocuments(join(root, 'codes'), issues),
      parts: await readDocuments(root, issues),
      editions,
      ...(frenchProfiles ? { alsoMeets: await frenchProfilesIn(root, frenchProfiles, issues) } : {}),
    },
  };
}

/** The list of places beside the kinds; a folder without one knows nothing of places. */
async function placesIn(root: string, issues: Issue[]): Promise<Places | undefined> {
  if (!(await readdir(root)).includes(placesFile)) return undefined;
  const definition = await readJson(join(root, placesFile), issues);
  return definition && placesOf(definition as Parameters<typeof placesOf>[0]);
}

/** French profiles of one version of FR Core, by name. */
async function frenchProfilesIn(root: string, version: string, issues: Issue[]): Promise<AlsoMeets> {
  const versions = (await readJson(join(root, frenchProfilesFile), issues)) as
    Record<string, AlsoMeets> | undefined;
  const found = versions?.[version];
  if (versions && !found) {
    const message = `Version de FR Core inconnue : « ${version} » ; connues : ${Object.keys(versions).join(', ')}.`;
    issues.push(fault(startOf(join(root, frenchProfilesFile)), 'not-found', message));
  }
  return found ?? {};
}

function rulesCheck(schema: AnySchemaObject): RulesCheck {
  const validate = new Ajv2020({ allErrors: true, discriminator: true }).compile(schema);
  return (rules) => {
    if (validate(rules.data)) return [];
    return (validate.errors ?? []).map((error) => {
      const message = `Règle refusée : ${error.message ?? error.keyword} ${JSON.stringify(error.params)}`;
      return fault(locate(rules, error.instancePath), 'structure', message);
    });
  };
}
