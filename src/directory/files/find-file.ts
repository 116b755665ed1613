/** Which file of a pattern is to be read: the newest by the date in its name. */
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { GatewayError } from '../../fhir/error.ts';
import { fileFault } from './fault.ts';
import { dateInName } from './name-date.ts';

export type FoundFile = { path: string; name: string; bytes: number; modified: Date };

/** What the names of files that are published together hold: the one that is read, and those beside it. */
export type Family = { own: RegExp; companions: RegExp };

/** Every file that a pattern names (`*` in the last part stands for any characters), in the order of their names. */
export async function filesOf(pattern: string): Promise<FoundFile[]> {
  const folder = dirname(pattern);
  const wanted = basename(pattern);
  const names = wanted.includes('*') ? (await listed(folder)).filter(matcher(wanted)) : [wanted];
  const found = await Promise.all(names.sort().map((name) => described(join(folder, name))));
  return found.filter((file) => file !== undefined);
}

/**
 * The newest file of the patterns by the date in the name, then by the name itself; of a family, the newest of its own or of
 * the archives that may hold it.
 * @throws GatewayError (side directory): not-found when there is none, invalid when there are companions only
 */
export async function newestFile(patterns: readonly string[], family?: Family): Promise<FoundFile> {
  const found = sortedByDate((await Promise.all(patterns.map(filesOf))).flat());
  const left = family ? found.filter(({ name }) => !family.companions.test(name)) : found;
  const own = left.filter(({ name }) => family?.own.test(name) || /\.zip$/i.test(name));
  const newest = (own.length > 0 ? own : left).at(-1);
  if (newest) return newest;
  const companion = found.at(-1);
  if (!companion) throw noFile(patterns);
  const message =
    'ce fichier accompagne celui des activités et ne dit pas qui exerce où : déposez aussi « Personne_activite » de la même publication, ou son archive.';
  throw fileFault('invalid', { file: companion.name }, message);
}

/**
 * Every file of the newest day that a name says, in the order of their names: the slices of one export. Files without a
 * date are slices of one export as well.
 * @throws GatewayError (not-found, side directory) when there is none
 */
export async function newestFiles(patterns: readonly string[]): Promise<FoundFile[]> {
  const found = sortedByDate((await Promise.all(patterns.map(filesOf))).flat());
  const newest = found.at(-1);
  if (newest) return found.filter((file) => dayOf(file) === dayOf(newest));
  throw noFile(patterns);
}

const dayOf = ({ name }: FoundFile): string => dateInName(name)?.toISOString().slice(0, 10) ?? '';

function sortedByDate(files: readonly FoundFile[]): FoundFile[] {
  const order = ({ name }: FoundFile): string => `${dateInName(name)?.toISOString() ?? ''} ${name}`;
  return [...files].sort((a, b) => (order(a) < order(b) ? -1 : 1));
}

function noFile(patterns: readonly string[]): GatewayError {
  const message = 'aucun fichier de ce nom ; déposez-le, ou corrigez « files » de la source.';
  return fileFault('not-found', { file: patterns.join(', ') }, message);
}

async function listed(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (cause) {
    throw fileFault('not-found', { file: folder }, 'ce dossier ne peut être lu.', cause);
  }
}

function matcher(wanted: string): (name: string) => boolean {
  const parts = wanted.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const form = new RegExp(`^${parts.join('.*')}$`);
  return (name) => form.test(name);
}

async function described(path: string): Promise<FoundFile | undefined> {
  const status = await stat(path).catch(() => undefined);
  if (!status?.isFile()) return undefined;
  return { path, name: basename(path), bytes: status.size, modified: status.mtime };
}
