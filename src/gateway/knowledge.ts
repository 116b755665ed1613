/** What the program knows by data: kinds of network, profiles, rules of exchange. Read once, from the package's folders. */
import { createHash } from 'node:crypto';
import { glob, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { GatewayError } from '../fhir/error.ts';
import { hasErrors } from '../fhir/issue.ts';
import type { Kind } from '../network/kind.ts';
import { loadKinds } from '../network/load-kinds.ts';
import type { CompiledDefinitions } from '../validation/compile.ts';
import { createFhirPath } from '../validation/fhirpath/library.ts';
import { createValidator, type Validator } from '../validation/validator.ts';

/** Folders that ship with the program, beside its code in a checkout and in a package alike. */
export type Folders = { mappings: string; profiles: string; examples: string; root: string };

/** The folders, found from the file that runs (`src/main.ts` or `dist/main.js`). */
export function shippedFolders(entryUrl: string): Folders {
  const at = (path: string): string => fileURLToPath(new URL(`../${path}`, entryUrl));
  return { mappings: at('mappings'), profiles: at('profiles'), examples: at('examples'), root: at('.') };
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

async function readValidator({ profiles }: Folders): Promise<Validator> {
  const definitions = JSON.parse(await readFile(`${profiles}/schemas.json`, 'utf8')) as CompiledDefinitions;
  return createValidator(definitions, createFhirPath());
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
