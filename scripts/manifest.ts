/**
 * The published manifest differs from the checkout's: no Node of its own, no development parts, Node 24 asked for.
 * npm runs this before and after packing (`prepack`, `postpack`); the bundle is built on the way.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';

const manifest = 'package.json';
const kept = '.package.checkout.json';

type Manifest = Record<string, unknown> & {
  scripts?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
};

/** The manifest as users of the package get it. */
export function published(checkout: Manifest): Manifest {
  const { devDependencies: _dev, optionalDependencies = {}, scripts = {}, ...rest } = checkout;
  const optional = Object.fromEntries(
    Object.entries(optionalDependencies).filter(([name]) => !name.startsWith('node-')),
  );
  const postpack = scripts['postpack'];
  return {
    ...rest,
    engines: { node: '>=24' },
    ...(Object.keys(optional).length ? { optionalDependencies: optional } : {}),
    ...(postpack ? { scripts: { postpack } } : {}),
  };
}

function publish(): void {
  const build = spawnSync(process.execPath, ['scripts/build.ts'], { stdio: ['ignore', 'ignore', 'inherit'] });
  if (build.status !== 0) process.exit(build.status ?? 1);
  const text = readFileSync(manifest, 'utf8');
  if (!existsSync(kept)) writeFileSync(kept, text);
  writeFileSync(manifest, `${JSON.stringify(published(JSON.parse(text) as Manifest), null, 2)}\n`);
}

function restore(): void {
  if (!existsSync(kept)) return;
  rmSync(manifest);
  renameSync(kept, manifest);
}

if (process.argv[2] === 'publish') publish();
if (process.argv[2] === 'restore') restore();
