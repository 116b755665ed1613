/** Lists kept in a spreadsheet: an item `{ fichier: x.csv }` of a list stands for the rows of that file. */
import { realpath } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { Issue, Position } from '../fhir/issue.ts';
import { readCsv } from '../tabular/csv.ts';
import type { Row } from '../tabular/csv.ts';
import { fault, quoted } from './fault.ts';
import { readBytes } from './read-bytes.ts';
import { forbiddenNames } from './tree.ts';
import type { Tree } from './tree.ts';

const fileField = 'fichier';
const maxFiles = 20;

/** Puts the rows in the place of each reference to a file, in the lists at the top of a network file. */
export async function includeLists(tree: Tree, networkFile: string): Promise<Issue[]> {
  if (!(tree.value instanceof Map)) return [];
  const issues: Issue[] = [];
  let files = 0;
  for (const list of tree.value.values()) {
    if (!Array.isArray(list.value)) continue;
    const items: Tree[] = [];
    for (const item of list.value) {
      const reference = fileNamed(item);
      if (!reference) items.push(item);
      else if ((files += 1) > maxFiles) {
        issues.push(fault(reference.position, 'too-costly', `Plus de ${maxFiles} fichiers de liste.`));
        break;
      } else items.push(...(await rowsOf(reference, networkFile, issues)));
    }
    list.value = items;
  }
  return issues;
}

/** The reference, when an item consists of nothing else; what has other fields too is left to the schema to refuse. */
function fileNamed(item: Tree): { name: string; position: Position } | undefined {
  if (!(item.value instanceof Map) || item.value.size !== 1) return undefined;
  const field = item.value.get(fileField);
  return typeof field?.value === 'string' ? { name: field.value, position: field.position } : undefined;
}

async function rowsOf(
  reference: { name: string; position: Position },
  networkFile: string,
  issues: Issue[],
): Promise<Tree[]> {
  const folder = dirname(networkFile);
  const path = await insideOf(folder, reference.name);
  if (path === undefined) {
    issues.push(
      fault(
        reference.position,
        'not-found',
        `Fichier ${quoted(reference.name)} introuvable dans le dossier du réseau.`,
      ),
    );
    return [];
  }
  const file = join(folder, reference.name);
  const read = await readBytes(path, file);
  issues.push(...read.issues);
  if (!read.bytes) return [];
  const { table, issues: faults } = readCsv(read.bytes, file);
  issues.push(...faults);
  const forbidden = table?.header.find((name) => forbiddenNames.has(name));
  if (forbidden !== undefined) {
    issues.push(
      fault(
        { file, line: 1, column: 1 },
        'forbidden',
        `Le nom de colonne ${quoted(forbidden)} est interdit.`,
      ),
    );
    return [];
  }
  return (table?.rows ?? []).map(treeOfRow);
}

function treeOfRow(row: Row): Tree {
  const fields = [...row.cells].map(([name, cell]): [string, Tree] => [
    name,
    { position: cell.position, value: cell.text },
  ]);
  return { position: row.position, value: new Map(fields) };
}

/** The real path of a file in the folder or below it; undefined when it is not there, or elsewhere by `..` or a link. */
async function insideOf(folder: string, name: string): Promise<string | undefined> {
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
