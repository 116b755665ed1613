/** The record a draft holds: one value for each field, in the order in which people read them. */
import type { Issue } from '../../fhir/issue.ts';
import type { Json, JsonObject } from '../../fhir/types.ts';
import type { Draft } from './draft.ts';
import type { Field, Fields } from './fields.ts';

/** What could not be known for certain is said in the issues, with the pointer of the field. */
export function recordOf(draft: Draft, fields: Fields): { record: JsonObject; issues: Issue[] } {
  const issues: Issue[] = [];
  const tree: Tree = new Map();
  for (const [list, count] of draft.counts) {
    for (let index = 0; index < count; index += 1) at(tree, `${list}/${index}`);
  }
  for (const [pointer, values] of draft.slots) {
    if (values.length > 1) issues.push(ambiguous(pointer, values));
    const { parent, name } = split(pointer);
    at(tree, parent).set(name, values[0]!);
  }
  for (const [list, orders] of draft.orders) reorder(at(tree, list), orders);
  return { record: plain(tree, { steps: [], fields, issues, pointer: '' }) as JsonObject, issues };
}

/** Items that are named elsewhere in another order take each other's places; all others stay where they are. */
function reorder(list: Tree, orders: readonly (readonly number[])[]): void {
  const order = [...list.keys()].map(Number).sort((a, b) => a - b);
  const placeOf = new Map(order.map((item, place) => [item, place]));
  for (const items of orders) {
    const places = items.map((item) => placeOf.get(item)!).sort((a, b) => a - b);
    items.forEach((item, index) => {
      order[places[index]!] = item;
      placeOf.set(item, places[index]!);
    });
  }
  const moved = order.map((item, index) => [String(index), list.get(String(item))!] as const);
  list.clear();
  for (const [name, item] of moved) list.set(name, item);
}

type Tree = Map<string, Tree | Json>;

function at(tree: Tree, pointer: string): Tree {
  let node = tree;
  for (const step of pointer.split('/').slice(1)) {
    let next = node.get(step);
    if (!(next instanceof Map)) node.set(step, (next = new Map()));
    node = next;
  }
  return node;
}

function split(pointer: string): { parent: string; name: string } {
  const slash = pointer.lastIndexOf('/');
  return { parent: pointer.slice(0, slash), name: pointer.slice(slash + 1) };
}

/** Where in the record a part stands, and what is known there. */
type Place = { steps: readonly string[]; pointer: string; fields: Fields; issues: Issue[] };

function plain(node: Tree | Json, place: Place): Json {
  if (!(node instanceof Map)) return node;
  const names = [...node.keys()];
  if (names.length && names.every((name) => /^\d+$/.test(name))) {
    return names
      .map(Number)
      .sort((a, b) => a - b)
      .map((index) => itemOf(node.get(String(index))!, { ...place, pointer: `${place.pointer}/${index}` }));
  }
  const { steps, pointer, fields } = place;
  return ordered(node, fields(steps), (name) =>
    plain(node.get(name)!, { ...place, steps: [...steps, name], pointer: `${pointer}/${name}` }),
  );
}

/** An item whose local id is published nowhere gets one: nothing that is published depends on it. */
function itemOf(node: Tree | Json, place: Place): Json {
  const item = plain(node, place);
  const { steps, pointer, fields, issues } = place;
  const { names, required } = fields(steps);
  if (!required.has('id') || !(node instanceof Map) || node.has('id')) return item;
  const [list = '', index = ''] = pointer.split('/').slice(-2);
  const id = `${list.replaceAll('_', '-').replace(/s$/, '')}-${Number(index) + 1}`;
  issues.push({
    severity: 'information',
    code: 'informational',
    message: `L'id de ${pointer} n'est pas publié : « ${id} » est donné.`,
  });
  return ordered(new Map(Object.entries({ ...(item as JsonObject), id })), { names }, (name) =>
    name === 'id' ? id : (item as JsonObject)[name]!,
  );
}

function ordered(node: Tree, { names }: Pick<Field, 'names'>, value: (name: string) => Json): JsonObject {
  const rank = (name: string): number => (names.includes(name) ? names.indexOf(name) : names.length);
  const sorted = [...node.keys()].sort((a, b) => rank(a) - rank(b));
  return Object.fromEntries(sorted.map((name) => [name, value(name)]));
}

function ambiguous(pointer: string, values: readonly Json[]): Issue {
  const shown = values.slice(0, 5).map((value) => `« ${String(value as string).slice(0, 40)} »`);
  const message = `${pointer} peut valoir ${shown.join(' ou ')} : la première valeur est retenue, à vérifier.`;
  return { severity: 'information', code: 'multiple-matches', message };
}
