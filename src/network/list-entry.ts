/** What a network file says of a list kept in a spreadsheet: `- fichier: partners.xlsx` and how to read it. */
import type { Issue, Position } from '../fhir/issue.ts';
import { closest } from './closest.ts';
import { fault, quoted } from './fault.ts';
import type { Tree } from './tree.ts';

type Told<Value> = { value: Value; position: Position };

export type ListEntry = {
  file: string;
  position: Position;
  sheet?: string;
  headerRow?: number;
  /** Header of the column for a field; a field inside another is written `convention/debut`. */
  columns: ReadonlyMap<string, Told<string>>;
  /** Values that all rows have, unless a cell says otherwise; `{finess}` stands for the row's own. */
  values: ReadonlyMap<string, Told<string | boolean>>;
  /** Only rows whose cell under a header is one of these words. */
  filter: ReadonlyMap<string, Told<readonly string[]>>;
};

const fileField = 'fichier';
const known = [fileField, 'feuille', 'ligne_entetes', 'colonnes', 'valeurs', 'filtre'];

/** The entry, when an item of a list is one; its own faults go to `issues`. */
export function listEntry(item: Tree, issues: Issue[]): ListEntry | undefined {
  if (!(item.value instanceof Map)) return undefined;
  const fields = item.value;
  const file = fields.get(fileField);
  if (typeof file?.value !== 'string') return undefined;
  for (const [name, { position }] of fields) {
    if (known.includes(name)) continue;
    const meant = closest(name, known);
    const hint = meant ? `Vouliez-vous dire ${quoted(meant)} ?` : `Champs possibles : ${known.join(', ')}.`;
    issues.push(fault(position, 'structure', `Le champ ${quoted(name)} est inconnu pour une liste. ${hint}`));
  }
  const sheet = textOf(fields.get('feuille'), 'feuille', issues);
  const row = textOf(fields.get('ligne_entetes'), 'ligne_entetes', issues);
  if (row !== undefined && !/^[1-9][0-9]{0,5}$/.test(row))
    issues.push(fault(fields.get('ligne_entetes')!.position, 'value', 'Un numéro de ligne est attendu.'));
  return {
    file: file.value,
    position: file.position,
    columns: mapOf(fields.get('colonnes'), 'colonnes', issues, textOnly),
    values: mapOf(fields.get('valeurs'), 'valeurs', issues, simple),
    filter: mapOf(fields.get('filtre'), 'filtre', issues, words),
    ...(sheet === undefined ? {} : { sheet }),
    ...(row === undefined ? {} : { headerRow: Number(row) }),
  };
}

function textOf(tree: Tree | undefined, name: string, issues: Issue[]): string | undefined {
  if (!tree) return undefined;
  if (typeof tree.value === 'string') return tree.value;
  issues.push(fault(tree.position, 'structure', `Le champ ${quoted(name)} attend un texte.`));
  return undefined;
}

function mapOf<Value>(
  tree: Tree | undefined,
  name: string,
  issues: Issue[],
  read: (tree: Tree) => Value | undefined,
): ReadonlyMap<string, Told<Value>> {
  const found = new Map<string, Told<Value>>();
  if (!tree) return found;
  if (!(tree.value instanceof Map)) {
    issues.push(
      fault(tree.position, 'structure', `Le champ ${quoted(name)} attend des champs (nom: valeur).`),
    );
    return found;
  }
  for (const [key, part] of tree.value) {
    const value = read(part);
    if (value !== undefined) found.set(key, { value, position: part.position });
    else
      issues.push(fault(part.position, 'structure', `Une valeur simple est attendue pour ${quoted(key)}.`));
  }
  return found;
}

function textOnly({ value }: Tree): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function simple({ value }: Tree): string | boolean | undefined {
  return typeof value === 'string' || typeof value === 'boolean' ? value : undefined;
}

function words({ value }: Tree): string[] | undefined {
  if (typeof value === 'string') return [value];
  if (!Array.isArray(value)) return undefined;
  const texts = value.map((one) => one.value).filter((one) => typeof one === 'string');
  return texts.length === value.length ? texts : undefined;
}
