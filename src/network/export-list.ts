/** A list of a network as a table that people keep on in a spreadsheet, and that a network file can name as its list. */
import type { Json, JsonObject } from '../fhir/types.ts';
import { isObject } from '../mapping/compilation.ts';
import { closest } from './closest.ts';
import { quoted } from './fault.ts';
import { isInForce, itemsAt } from './items.ts';
import type { Shape } from './shape.ts';
import { ownerField } from './table.ts';

export type ExportedList = {
  list: string;
  /** Fields of the items; one inside another as `convention/debut`. */
  columns: readonly string[];
  rows: readonly (readonly string[])[];
  /** Columns (from 0) of days. */
  days: ReadonlySet<number>;
  /** Fields that items have and no cell can hold. */
  left: readonly string[];
};

/** On a day (`YYYY-MM-DD`) only what is in force. */
export type WantedList = { list?: string; at?: string };

/** Lists of a kind that fit a table, those that may be kept in a spreadsheet first. */
export function tableLists(shape: Shape): string[] {
  const lists = [...shape.fields].filter(([, one]) => one.type === 'list' && one.item?.type === 'fields');
  return lists.sort(([, a], [, b]) => Number(b.inFile) - Number(a.inFile)).map(([name]) => name);
}

/**
 * The items of a list of one network, or of several of one kind, each row then with the id of its network. Without a name,
 * the first list that has items. `refused` says (French) why there is none of that name.
 */
export function exportList(
  networks: readonly { id: string; data: JsonObject }[],
  shape: Shape,
  { list, at }: WantedList,
): ExportedList | { refused: string } {
  const lists = tableLists(shape);
  const name =
    list ?? lists.find((one) => networks.some(({ data }) => itemsAt(data, one).length > 0)) ?? lists[0];
  const item = name !== undefined && lists.includes(name) ? shape.fields.get(name)?.item : undefined;
  if (name === undefined || !item) {
    const meant = name === undefined ? undefined : closest(name, lists);
    const hint = meant ? `Vouliez-vous dire ${quoted(meant)} ?` : `Listes possibles : ${lists.join(', ')}.`;
    return { refused: `La liste ${quoted(name ?? '')} est inconnue pour ce type de réseau. ${hint}` };
  }
  const items = networks.flatMap(({ id, data }) =>
    itemsAt(data, name)
      .filter(({ value }) => at === undefined || isInForce(value, at))
      .map(({ value }) => ({ id, value })),
  );
  const many = networks.length > 1;
  const columns = columnsOf(item, '');
  const left = [...item.fields]
    .filter(
      ([field, one]) =>
        columnsOf(one, field).length === 0 && items.some(({ value }) => value[field] !== undefined),
    )
    .map(([field]) => field);
  return {
    list: name,
    columns: [...(many ? [ownerField] : []), ...columns.map(({ path }) => path)],
    rows: items.map(({ id, value }) => [
      ...(many ? [id] : []),
      ...columns.map(({ path }) => cellText(partAt(value, path))),
    ]),
    days: new Set(
      columns.flatMap(({ shape: { format } }, index) =>
        format === 'partial-date' ? [index + (many ? 1 : 0)] : [],
      ),
    ),
    left,
  };
}

/** What stands in cells: simple values, lists of words, and the simple values inside a field. */
function columnsOf(shape: Shape, path: string): { path: string; shape: Shape }[] {
  if (shape.type === 'text' || shape.type === 'boolean') return [{ path, shape }];
  if (shape.type === 'list') return shape.item?.type === 'text' ? [{ path, shape }] : [];
  return [...shape.fields].flatMap(([name, one]) => columnsOf(one, path === '' ? name : `${path}/${name}`));
}

function partAt(value: Json, path: string): Json | undefined {
  return path
    .split('/')
    .reduce<Json | undefined>((part, step) => (isObject(part) ? part[step] : undefined), value);
}

function cellText(value: Json | undefined): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'oui' : 'non';
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string').join(' ; ') : '';
}
