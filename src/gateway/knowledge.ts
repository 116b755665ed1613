/** What the program knows by data: kinds of network, profiles, rules of exchange. Read once, from the package's folders. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { access, glob, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { FranceConfig } from '../config.ts';
import { GatewayError } from '../fhir/error.ts';
import { hasErrors } from '../fhir/issue.ts';
import type { AlsoMeets } from '../mapping/compilation.ts';
import type { Kind } from '../network/kind.ts';
import { frenchProfilesFile, loadKinds } from '../network/load-kinds.ts';
import type { CompiledDefinitions } from '../validation/compile.ts';
import { createFhirPath } from '../validation/fhirpath/library.ts';
import { type Checks, type Standalone, standaloneChecks } from '../validation/schema-check.ts';
import { lateValidator } from '../validation/late-validator.ts';
import { createValidator, type Validator } from '../validation/validator.ts';

/** Folders that ship with the program, beside its code in a checkout and in a package alike. */
export type Folders = {
  mappings: string;
  profiles: string;
  examples: string;
  root: string;
  /** Fonts that documents are printed with. */
  fonts: string;
  /** File of the schemas as code: beside the built program, absent in a checkout. */
  checks: string;
};

/** The folders, found from the file that runs (`src/main.ts` or `dist/main.js`). */
export function shippedFolders(entryUrl: string): Folders {
  const at = (path: string): string => fileURLToPath(new URL(`../${path}`, entryUrl));
  const checks = fileURLToPath(new URL('checks.js', entryUrl));
  return {
    ...{ mappings: at('mappings'), profiles: at('profiles'), examples: at('examples'), root: at('.') },
    fonts: at('assets/fonts'),
    checks,
  };
}

export type Knowledge = {
  folders: Folders;
  kinds(): Promise<ReadonlyMap<string, Kind>>;
  validator(): Promise<Validator>;
  /** The same with the terminologies and French profiles a configuration chooses. */
  inFrance(choice: FranceConfig): Knowledge;
  /** Digest of all that decides what a network becomes beside its file: mappings, codes, version of the program. */
  fingerprint(): Promise<string>;
};

/** Knowledge that is loaded when first asked for and kept, once for each choice. */
export function createKnowledge(folders: Folders): Knowledge {
  const chosen = new Map<string, Knowledge>();
  const validator = once(() => readValidator(folders));
  return make();

  function make(choice?: FranceConfig): Knowledge {
    return {
      folders,
      kinds: once(() => readKinds(folders, choice)),
      validator: choice?.claim ? once(() => readValidator(folders, choice)) : validator,
      fingerprint: once(() => digestOf(folders, choice)),
      inFrance(other) {
        const key = JSON.stringify([other.categories, other.frCore, other.claim]);
        const known = chosen.get(key) ?? make(other);
        chosen.set(key, known);
        return known;
      },
    };
  }
}

async function readKinds(
  { mappings }: Folders,
  choice: FranceConfig | undefined,
): Promise<ReadonlyMap<string, Kind>> {
  const { kinds, issues } = await loadKinds(mappings, {
    editions: choice ? [choice.categories] : [],
    ...(choice?.claim ? { frenchProfiles: choice.frCore } : {}),
  });
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

async function readValidator(
  { mappings, profiles, checks }: Folders,
  choice?: FranceConfig,
): Promise<Validator> {
  const elsewhere = choice?.claim ? await frenchProfiles(mappings, choice.frCore) : [];
  const file = `${profiles}/schemas.json`;
  await access(file); // a package that lacks it is told at once, not by the first resource
  return lateValidator(() => {
    const text = readFileSync(file, 'utf8');
    const definitions = JSON.parse(text) as CompiledDefinitions;
    const made = readChecks(checks, text);
    const { schemas, ...rest } = definitions;
    return createValidator({ ...rest, schemas: made ? {} : schemas }, createFhirPath(), made, elsewhere);
  });
}

/** Canonicals of the profiles of one version of FR Core that the mappings may name. */
async function frenchProfiles(mappings: string, version: string): Promise<string[]> {
  const text = await readFile(`${mappings}/${frenchProfilesFile}`, 'utf8');
  return Object.values((JSON.parse(text) as Record<string, AlsoMeets>)[version] ?? {}).flat();
}

/** The schemas as code where the program was built with these very schemas; undefined: they are compiled when needed. */
function readChecks(file: string, schemas: string): Checks | undefined {
  if (!existsSync(file)) return undefined;
  const functions = createRequire(import.meta.url)(file) as Standalone;
  const hash = createHash('sha256').update(schemas).digest('hex');
  return functions['madeOf'] === hash ? standaloneChecks(functions) : undefined;
}

async function digestOf({ mappings, root }: Folders, choice: FranceConfig | undefined): Promise<string> {
  const digest = createHash('sha256');
  const files = await Array.fromAsync(glob('**/*.yaml', { cwd: mappings }));
  for (const file of files.sort()) digest.update(`${file}\n`).update(await readFile(`${mappings}/${file}`));
  digest.update(await readFile(`${root}/package.json`));
  if (choice)
    digest.update(JSON.stringify(choice)).update(await readFile(`${mappings}/${frenchProfilesFile}`));
  return digest.digest('hex').slice(0, 32);
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
