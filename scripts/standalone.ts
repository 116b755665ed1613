/** The schemas of `profiles/schemas.json` as code, so that the packaged program compiles none (decision 0019). */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import standalone from 'ajv/dist/standalone/index.js';
import { build } from 'esbuild';
import type { CompiledDefinitions } from '../src/validation/compile.ts';
import { appending, compilerOf, exportName } from '../src/validation/schema-check.ts';

const root = join(import.meta.dirname, '..');

/** Writes the functions to a file, with the hash of what they were made of; answers its bytes. */
export async function writeStandalone(outfile: string): Promise<number> {
  const text = readFileSync(join(root, 'profiles/schemas.json'), 'utf8');
  const { schemas } = JSON.parse(text) as CompiledDefinitions;
  const names = Object.fromEntries(Object.keys(schemas).map((name) => [exportName(name), name]));
  const code = appending(standalone.default(compilerOf(schemas, true), names));
  const hash = createHash('sha256').update(text).digest('hex');
  const result = await build({
    stdin: { contents: `${code}\nexport const madeOf = ${JSON.stringify(hash)};`, resolveDir: root },
    outfile,
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    metafile: true,
    legalComments: 'none',
  });
  return Object.values(result.metafile.outputs).reduce((sum, output) => sum + output.bytes, 0);
}
