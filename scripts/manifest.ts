/**
 * Swaps the manifest around packing; npm calls it.
 *   node scripts/manifest.ts publish    (`prepack`) builds `dist/`, then puts the published manifest in place
 *   node scripts/manifest.ts restore    (`postpack`) puts the checkout's manifest back
 *   node scripts/manifest.ts refuse     (`prepublishOnly`) refuses `npm publish` of a folder
 * A packing that stops half-way leaves `.package.checkout.json`, which git shows; the next packing, or `restore`, heals it.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { type Manifest, publishedManifest } from './published-manifest.ts';

const manifest = 'package.json';
const kept = '.package.checkout.json';
const draft = '.package.published.json';

function publish(): void {
  restore();
  const build = spawnSync(process.execPath, ['scripts/build.ts'], { stdio: ['ignore', 'ignore', 'inherit'] });
  if (build.status !== 0) process.exit(1);
  const text = readFileSync(manifest, 'utf8');
  writeFileSync(draft, publishedText(text));
  writeFileSync(kept, text);
  renameSync(draft, manifest);
}

/** Puts back what was kept, unless somebody has edited the manifest since: then only a person can tell which is right. */
function restore(): void {
  if (!existsSync(kept)) return;
  const checkout = readFileSync(kept, 'utf8');
  const present = readFileSync(manifest, 'utf8');
  if (present !== checkout && present !== publishedText(checkout)) {
    console.error(
      `${manifest} a changé depuis un empaquetage interrompu : comparez-le à ${kept}, puis supprimez ${kept}.`,
    );
    process.exit(1);
  }
  renameSync(kept, manifest);
}

function publishedText(checkout: string): string {
  return `${JSON.stringify(publishedManifest(JSON.parse(checkout) as Manifest), null, 2)}\n`;
}

/** npm reads a folder's manifest again after `postpack`: the registry would announce the checkout's, not the package's. */
function refuse(): void {
  console.error('Publiez l’archive, pas le dossier : npm pack, puis npm publish passerelle-<version>.tgz.');
  process.exitCode = 1;
}

const commands: Record<string, () => void> = { publish, restore, refuse };
const command = commands[process.argv[2] ?? ''];
if (command) command();
else {
  console.error('node scripts/manifest.ts publish|restore|refuse');
  process.exitCode = 2;
}
