/** Bundles `src/` into `dist/` for the published package; packages stay outside, what is loaded late stays apart, schemas are code. */
import { rmSync } from 'node:fs';
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
});
const bytes = Object.values(result.metafile.outputs).reduce((sum, output) => sum + output.bytes, 0);
const checks = await writeStandalone('dist/checks.js');
const kib = (size: number): string => `${Math.round(size / 1024)} KiB`;
console.log(
  `dist/: ${Object.keys(result.metafile.outputs).length} files, ${kib(bytes)}; checks.js, ${kib(checks)}`,
);
