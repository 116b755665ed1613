/** What the program knows by data: kinds of network, profiles, rules of exchange. Read once, from the package's folders. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { glob, readFile } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { GatewayError } from '../fhir/error.ts';
import { hasErrors } from '../fhir/issue.ts';
import type { Kind } from '../network/kind.ts';
import { loadKinds } from '../network/load-kinds.ts';
import type { CompiledDefinitions } from '../validation/compile.ts';
import { createFhirPath } from '../validation/fhirpath/library.ts';
import { type Checks, type Standalone, standaloneChecks } from '../validation/schema-check.ts';
import { createValidator, type Validator } from '../validation/validator.ts';

/** Folders that ship with the program, beside its code in a checkout and in a package alike. */
export type Folders = {
  mappings: string;
  profiles: string;
  examples: string;
  root: string;
  /** File of the schemas as code: beside the built program, absent in a checkout. */
  checks: string;
};

/** The folders, found from the file that runs (`src/main.ts` or `dist/main.js`). */
export function shippedFolders(entryUrl: string): Folders {
  const at = (path: string): string => fileURLToPath(new URL(`../${path}`, entryUrl));
  const checks = fileURLToPath(new URL('checks.js', entryUrl));
  return {
    ...{ mappings: at('mappings'), profiles: at('profiles'), examples: at('examples'), root: at('.') },
    checks,
  };
}

export type Knowledge = {
  folders: Folders;
  kinds(): Promise<ReadonlyMap<string, Kind>>;
  validator(): Promise<Validator>;
  /** Digest of all that decides what a network becomes beside its file: mappings, codes, version of the program. */
  fingerprint(): Promise<string>;
};

/** Knowledge that is loaded when first asked for and kept. */
export function createKnowledge(folders: Folders): Knowledge {
  const kinds = once(() => readKinds(folders));
  const validator = once(() => readValidator(folders));
  const fingerprint = once(() => digestOf(folders));
  return { folders, kinds, validator, fingerprint };
}

async function readKinds({ mappings }: Folders): Promise<ReadonlyMap<string, Kind>> {
  const { kinds, issues } = await loadKinds(mappings);
  if (hasErrors(issues)) {
    throw new GatewayError({
      category: 'fault',
      side: 'gateway',
      message: 'Les correspondances livrées avec le programme ont des fautes.',
      issues,
    });
  }
  return kinds;
}

async function readValidator({ profiles, checks }: Folders): Promise<Validator> {
  const text = await readFile(`${profiles}/schemas.json`, 'utf8');
  const definitions = JSON.parse(text) as CompiledDefinitions;
  return createValidator(definitions, createFhirPath(), await readChecks(checks, text));
}

/** The schemas as code where the program was built with these very schemas; undefined: they are compiled when needed. */
async function readChecks(file: string, schemas: string): Promise<Checks | undefined> {
  if (!existsSync(file)) return undefined;
  const functions = (await import(pathToFileURL(file).href)) as Standalone;
  const hash = createHash('sha256').update(schemas).digest('hex');
  return functions['madeOf'] === hash ? standaloneChecks(functions) : undefined;
}

async function digestOf({ mappings, root }: Folders): Promise<string> {
  const digest = createHash('sha256');
  const files = await Array.fromAsync(glob('**/*.yaml', { cwd: mappings }));
  for (const file of files.sort()) digest.update(`${file}\n`).update(await readFile(`${mappings}/${file}`));
  digest.update(await readFile(`${root}/package.json`));
  return digest.digest('hex').slice(0, 32);
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
