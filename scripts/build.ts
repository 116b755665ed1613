/** Bundles `src/` into `dist/` for the published package; packages stay outside, what is loaded late stays apart, schemas are code. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';
import { writeStandalone } from './standalone.ts';

rmSync('dist', { recursive: true, force: true });
const result = await build({
  entryPoints: ['src/main.ts'],
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  packages: 'external',
  metafile: true,
  legalComments: 'none',
  // A running program keeps its text in memory: short lines of it, names as they are for error reports.
  minifyWhitespace: true,
  minifySyntax: true,
  lineLimit: 120,
  write: false,
});
mkdirSync('dist', { recursive: true });
for (const { path, text } of result.outputFiles) writeFileSync(path, inAscii(text));
const bytes = Object.values(result.metafile.outputs).reduce((sum, output) => sum + output.bytes, 0);
const checks = await writeStandalone('dist/checks.js');
const kib = (size: number): string => `${Math.round(size / 1024)} KiB`;
console.log(
  `dist/: ${Object.keys(result.metafile.outputs).length} files, ${kib(bytes)}; checks.js, ${kib(checks)}`,
);

/** esbuild escapes signs in texts but not in regular expressions; one of them makes V8 keep the whole file at two bytes a sign. */
function inAscii(text: string): string {
  return text.replaceAll(/[^\0-\x7f]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
