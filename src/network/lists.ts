/** Lists kept in a spreadsheet: an item `{ fichier: x.csv }` of a list stands for the rows of that file. */
import { realpath } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { Issue } from '../fhir/issue.ts';
import { readList } from '../tabular/list.ts';
import { fault, quoted } from './fault.ts';
import { planColumns } from './list-columns.ts';
import { type ListEntry, listEntry } from './list-entry.ts';
import { rowReader } from './list-rows.ts';
import { readBytes } from './read-bytes.ts';
import type { Shape } from './shape.ts';
import type { Tree } from './tree.ts';

/** List files of one network. */
export const maxFiles = 40;

/**
 * Puts the rows in the place of each reference to a file, in the lists at the top of a network file. `shape` is that of
 * the network's kind; without it columns are fields by their names, nothing more.
 */
export async function includeLists(
  tree: Tree,
  networkFile: string,
  shape: Shape | undefined,
): Promise<Issue[]> {
  if (!(tree.value instanceof Map)) return [];
  const issues: Issue[] = [];
  let files = 0;
  for (const [name, list] of tree.value) {
    if (!Array.isArray(list.value)) continue;
    const field = shape?.fields.get(name);
    const items: Tree[] = [];
    for (const item of list.value) {
      const entry = field && !field.inFile ? undefined : listEntry(item, issues);
      if (!entry) items.push(item);
      else if ((files += 1) > maxFiles) {
        issues.push(fault(entry.position, 'too-costly', `Plus de ${maxFiles} fichiers de liste.`));
        break;
      } else for (const row of await rowsOf(entry, networkFile, field?.item, issues)) items.push(row);
    }
    list.value = items;
  }
  return issues;
}

async function rowsOf(
  entry: ListEntry,
  networkFile: string,
  item: Shape | undefined,
  issues: Issue[],
): Promise<Tree[]> {
  const path = await insideOf(dirname(networkFile), entry.file);
  if (path === undefined) {
    const message = `Fichier ${quoted(entry.file)} introuvable dans le dossier du réseau.`;
    issues.push(fault(entry.position, 'not-found', message));
    return [];
  }
  const file = join(dirname(networkFile), entry.file);
  const read = await readBytes(path, file);
  issues.push(...read.issues);
  if (!read.bytes) return [];
  const { table, issues: faults } = readList(read.bytes, file, entry);
  issues.push(...faults);
  if (!table) return [];
  const { plan, issues: doubts } = planColumns(table.columns, entry, item);
  issues.push(...doubts);
  if (!plan) return [];
  const reader = rowReader(plan, entry, item);
  const rows = table.rows.map((row) => reader.item(row)).filter((row) => row !== undefined);
  issues.push(...reader.end());
  return rows;
}

/** The real path of a file in the folder or below it; undefined when it is not there, or elsewhere by `..` or a link. */
export async function insideOf(folder: string, name: string): Promise<string | undefined> {
  if (name.includes('\0')) return undefined;
  try {
    const root = await realpath(folder);
    const path = await realpath(resolve(root, name));
    const way = relative(root, path);
    const outside = way === '' || way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way);
    return outside ? undefined : path;
  } catch {
    return undefined;
  }
}
