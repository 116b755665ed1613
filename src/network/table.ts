/**
 * A table of networks: one file that describes many networks of one kind. What stands beside `reseaux` is common to all;
 * `reseaux` gives one network a block, or a spreadsheet with one a row. A row names a field inside another by a path
 * (`territoire/nom`), an item of a list by its number (`etablissements/1/finess`).
 */
import type { Issue, Position } from '../fhir/issue.ts';
import { fault, quoted } from './fault.ts';
import type { Shape } from './shape.ts';
import type { Tree } from './tree.ts';

const networksField = 'reseaux';
const coveredField = 'couvre';
/** In an item of a common list: the id of the one network it belongs to. */
export const ownerField = 'dans_reseau';

const maxNetworks = 5_000;
/** Items of a list that a row has columns for, at most. */
const maxNumbered = 20;

/** A region whose every part the networks of a table say they cover, and where it is said. */
export type CoveredRegion = { region: string; position: Position };

type Fields = Map<string, Tree>;
/** What a file says when it says fields. */
export type FieldsTree = Tree & { value: Fields };

export function isTable(tree: FieldsTree): boolean {
  return tree.value.has(networksField);
}

/** What a table of networks of this shape may hold in its lists. */
export function tableShape(kind: Shape): Shape {
  const owned = [...kind.fields].map(([name, field]): [string, Shape] => {
    if (!field.inFile || !field.item) return [name, field];
    const fields = new Map(field.item.fields).set(ownerField, text);
    return [name, { ...field, item: { ...field.item, fields } }];
  });
  const row: Shape = { ...numbered(kind), required: new Set(), together: {} };
  return {
    ...kind,
    fields: new Map(owned).set(networksField, { ...text, type: 'list', inFile: true, item: row }),
  };
}

const text: Shape = {
  type: 'text',
  fields: new Map(),
  required: new Set(),
  together: {},
  inFile: false,
  examples: [],
};

/** The shape with each list of items replaced by its first items, under their numbers. */
function numbered(shape: Shape): Shape {
  if (shape.type === 'list' && shape.item?.type === 'fields') {
    const item = numbered(shape.item);
    const numbers = Array.from({ length: maxNumbered }, (_, index): [string, Shape] => [
      String(index + 1),
      item,
    ]);
    return { ...text, type: 'fields', fields: new Map(numbers) };
  }
  return { ...shape, fields: new Map([...shape.fields].map(([name, one]) => [name, numbered(one)])) };
}

/** The networks of a table whose lists are read, each as if it had a file of its own; and the regions they say to cover. */
export function networksOfTable(tree: FieldsTree): {
  networks: Tree[];
  covered: CoveredRegion[];
  issues: Issue[];
} {
  const issues: Issue[] = [];
  const list = tree.value.get(networksField)!;
  const own = itemsOf(list, issues);
  if (own.length > maxNetworks) {
    issues.push(fault(list.position, 'too-costly', `Plus de ${maxNetworks} réseaux dans un fichier.`));
    return { networks: [], covered: [], issues };
  }
  const common: Fields = new Map(tree.value);
  common.delete(networksField);
  common.delete(coveredField);
  issues.push(...strayItems(common, own));
  return {
    networks: own.map((network) => joined(common, unnumbered(network))),
    covered: regionsOf(tree.value.get(coveredField), issues),
    issues,
  };
}

function itemsOf(list: Tree, issues: Issue[]): FieldsTree[] {
  if (!Array.isArray(list.value)) {
    issues.push(fault(list.position, 'structure', `Le champ ${quoted(networksField)} attend une liste.`));
    return [];
  }
  if (list.value.length === 0)
    issues.push(fault(list.position, 'required', `La liste ${quoted(networksField)} est vide.`));
  return list.value.filter((item): item is FieldsTree => {
    if (item.value instanceof Map) return true;
    issues.push(fault(item.position, 'structure', 'Un réseau se décrit par des champs : id, name…'));
    return false;
  });
}

function regionsOf(field: Tree | undefined, issues: Issue[]): CoveredRegion[] {
  if (!field) return [];
  if (Array.isArray(field.value))
    return field.value.flatMap(({ value, position }) =>
      typeof value === 'string' ? [{ region: value, position }] : [],
    );
  issues.push(
    fault(field.position, 'structure', `Le champ ${quoted(coveredField)} attend une liste de régions.`),
  );
  return [];
}

/** What is common, then what is the network's own: lists follow one another, of other fields its own wins. */
function joined(common: Fields, own: FieldsTree): Tree {
  const id = own.value.get('id')?.value;
  const fields: Fields = new Map();
  for (const [name, part] of common) fields.set(name, forNetwork(part, id));
  for (const [name, part] of own.value) {
    const before = fields.get(name)?.value;
    const both = Array.isArray(before) && Array.isArray(part.value) ? [...before, ...part.value] : part.value;
    fields.set(name, { position: part.position, value: both });
  }
  for (const [name, { value }] of fields) if (Array.isArray(value) && value.length === 0) fields.delete(name);
  return { position: own.position, value: fields };
}

function forNetwork(part: Tree, id: Tree['value'] | undefined): Tree {
  if (!Array.isArray(part.value)) return part;
  const items = part.value.flatMap((item): Tree[] => {
    if (!(item.value instanceof Map) || !item.value.has(ownerField)) return [item];
    if (item.value.get(ownerField)!.value !== id) return [];
    const fields = new Map(item.value);
    fields.delete(ownerField);
    return [{ position: item.position, value: fields }];
  });
  return { position: part.position, value: items };
}

/** Items of common lists that name a network which is not there: they would silently be nobody's. */
function strayItems(common: Fields, networks: readonly FieldsTree[]): Issue[] {
  const ids = new Set(networks.map(({ value }) => value.get('id')?.value));
  return [...common.values()].flatMap((list) =>
    (Array.isArray(list.value) ? list.value : []).flatMap(({ value }): Issue[] => {
      const owner = value instanceof Map ? value.get(ownerField) : undefined;
      if (!owner || ids.has(owner.value)) return [];
      const message = `${quoted(owner.value)} n’est l’id d’aucun réseau de ce fichier.`;
      return [fault(owner.position, 'not-found', message)];
    }),
  );
}

/** Fields called 1, 2, 3… are the items of a list, in that order; a number left out leaves no gap. */
function unnumbered(tree: FieldsTree): FieldsTree;
function unnumbered(tree: Tree): Tree;
function unnumbered(tree: Tree): Tree {
  const { position, value } = tree;
  if (Array.isArray(value)) return { position, value: value.map(unnumbered) };
  if (!(value instanceof Map)) return tree;
  const fields = [...value].map(([name, part]): [string, Tree] => [name, unnumbered(part)]);
  if (fields.length === 0 || !fields.every(([name]) => /^[1-9][0-9]?$/.test(name)))
    return { position, value: new Map(fields) };
  fields.sort(([a], [b]) => Number(a) - Number(b));
  return { position, value: fields.map(([, part]) => part) };
}
