/** Which column of a list gives which field: as the network file maps them, else by the name of the field. */
import type { Issue } from '../fhir/issue.ts';
import type { Column } from '../tabular/table.ts';
import { closest } from './closest.ts';
import { fault, quoted } from './fault.ts';
import type { ListEntry } from './list-entry.ts';
import type { Shape } from './shape.ts';
import { slugOf } from './slug.ts';
import { forbiddenNames } from './tree.ts';

export type FieldColumn = { path: readonly string[]; header: string; shape: Shape | undefined };

export type ColumnPlan = {
  fields: readonly FieldColumn[];
  /** Header as the file has it, and the words (as slugs) of which a row must have one there. */
  filter: ReadonlyMap<string, ReadonlySet<string>>;
  /** The field whose number gives rows without id theirs. */
  idFrom?: FieldColumn;
};

/** `item`: shape of the items of the list; without it every column is the field it is called by. */
export function planColumns(
  columns: readonly Column[],
  entry: ListEntry,
  item: Shape | undefined,
): { plan?: ColumnPlan; issues: Issue[] } {
  const issues: Issue[] = [];
  const missing: string[] = [];
  const free = new Map(columns.map((column) => [column.name, column]));
  const fields: FieldColumn[] = [];
  const find = (header: string): string | undefined =>
    columns.find(({ name }) => name === header)?.name ??
    columns.find(({ name }) => slugOf(name) === slugOf(header))?.name;

  for (const [field, { value: header, position }] of entry.columns) {
    const shape = shapeAt(item, field);
    const name = find(header);
    if (item && !shape) issues.push(fault(position, 'structure', unknownField(field, item)));
    if (name === undefined) missing.push(`${quoted(header)} (${field})`);
    else fields.push({ path: field.split('/'), header: name, shape });
    if (name !== undefined) free.delete(name);
  }
  for (const [field, { position }] of entry.values) {
    if (item && !shapeAt(item, field)) issues.push(fault(position, 'structure', unknownField(field, item)));
  }
  const filter = new Map<string, ReadonlySet<string>>();
  for (const [header, { value: words }] of entry.filter) {
    const name = find(header);
    if (name === undefined) missing.push(`${quoted(header)} (filtre)`);
    else filter.set(name, new Set(words.map(slugOf)));
  }

  const given = new Set([...fields.map(({ path }) => path.join('/')), ...entry.values.keys()]);
  for (const { name } of [...free.values()]) {
    const field = item ? fieldNamed(name, item, given) : name;
    if (field === undefined) continue;
    fields.push({ path: item ? field.split('/') : [field], header: name, shape: shapeAt(item, field) });
    given.add(field);
    free.delete(name);
  }
  const left = [...free.values()].filter(({ name }) => !filter.has(name));
  if (item) issues.push(...unusedColumns(left, item, given));
  for (const { name, position } of columns.filter((column) => forbiddenNames.has(column.name)))
    issues.push(fault(position, 'forbidden', `Le nom de colonne ${quoted(name)} est interdit.`));

  const idFrom = given.has('id')
    ? undefined
    : fields.find(({ path, shape }) => path.length === 1 && numbers.has(shape?.format ?? ''));
  for (const field of item?.required ?? [])
    if (!given.has(field) && !(field === 'id' && idFrom)) missing.push(quoted(field));
  const start = columns[0]!.position;
  if (missing.length > 0) {
    const there = columns.map(({ name }) => quoted(name)).join(', ');
    const noun = missing.length > 1 ? 'Colonnes absentes' : 'Colonne absente';
    const message = `${noun} : ${missing.join(', ')}. Colonnes du fichier : ${there}. Donnez leur correspondance par « colonnes: » ou une valeur commune par « valeurs: ».`;
    issues.push(fault(start, 'required', message));
  }
  if (item?.fields.has('id') && idFrom) {
    const message = `Pas de colonne id : chaque ligne prend le sien de son numéro (${quoted(idFrom.header)}).`;
    issues.push({ severity: 'information', code: 'informational', message, source: start, rule: 'list-id' });
  }
  const usable = issues.every(({ severity }) => severity !== 'error');
  return usable ? { plan: { fields, filter, ...(idFrom ? { idFrom } : {}) }, issues } : { issues };
}

/** Formats of numbers that name one establishment or person. */
const numbers: ReadonlySet<string> = new Set(['finess', 'rpps']);

/** The shape of what a cell may hold under a field; undefined when there is no such field, or no cell can hold it. */
function shapeAt(item: Shape | undefined, field: string): Shape | undefined {
  const shape = field.split('/').reduce<Shape | undefined>((at, step) => at?.fields.get(step), item);
  const simple = shape?.type === 'text' || shape?.type === 'boolean';
  return simple || (shape?.type === 'list' && shape.item?.type === 'text') ? shape : undefined;
}

function fieldNamed(header: string, item: Shape, given: ReadonlySet<string>): string | undefined {
  if (!given.has(header) && shapeAt(item, header)) return header;
  return [...item.fields.keys()].find(
    (field) => !given.has(field) && slugOf(field) === slugOf(header) && shapeAt(item, field),
  );
}

/** A name that is nearly that of a field nobody gives is a slip; others are the keeper's own business. */
function unusedColumns(left: readonly Column[], item: Shape, given: ReadonlySet<string>): Issue[] {
  const open = [...item.fields.keys()].filter((field) => !given.has(field) && shapeAt(item, field));
  const meant = ({ name }: Column): string | undefined => closest(slugOf(name).replaceAll('-', '_'), open);
  const faults = left.flatMap((column): Issue[] => {
    const field = meant(column);
    if (field === undefined) return [];
    const message = `La colonne ${quoted(column.name)} est inconnue. Vouliez-vous dire ${quoted(field)} ?`;
    return [fault(column.position, 'structure', message)];
  });
  const ignored = left.filter((column) => meant(column) === undefined);
  if (!ignored[0]) return faults;
  const names = ignored.map(({ name }) => quoted(name)).join(', ');
  const message = `Colonnes sans champ de ce nom, ignorées : ${names}.`;
  const source = ignored[0].position;
  return [
    ...faults,
    { severity: 'information', code: 'informational', message, source, rule: 'unused-columns' },
  ];
}

function unknownField(field: string, item: Shape): string {
  const possible = [...item.fields.keys()].filter((name) => shapeAt(item, name));
  const meant = closest(field, possible);
  const hint = meant ? `Vouliez-vous dire ${quoted(meant)} ?` : `Champs possibles : ${possible.join(', ')}.`;
  return `Le champ ${quoted(field)} ne tient pas dans une colonne de cette liste. ${hint}`;
}
