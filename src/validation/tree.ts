/** Element lists (`Patient.identifier:ins.system`) as trees: children by name, slices by slice name. */
import type { ElementDefinition } from './definitions.ts';

export type ElementNode = {
  /** Name within the parent; ends with `[x]` for a choice. */
  name: string;
  /** Element id up to this node; equal to that of the snapshot. */
  id: string;
  /** The definition as listed; undefined for a node that only leads to others. */
  element: ElementDefinition | undefined;
  children: Map<string, ElementNode>;
  slices: Map<string, ElementNode>;
};

/** Tree of an element list; its root is the type itself. */
export function elementTree(elements: readonly ElementDefinition[]): ElementNode {
  const rootName = elements[0]?.id.split('.')[0] ?? '';
  const root = newNode(rootName, rootName);
  for (const element of elements) {
    let node = root;
    for (const segment of element.id.split('.').slice(1)) node = descend(node, segment);
    node.element = element;
  }
  return root;
}

function descend(parent: ElementNode, segment: string): ElementNode {
  const [name, slice] = segment.split(':') as [string, string | undefined];
  const child = getOrAdd(parent.children, name, () => newNode(name, `${parent.id}.${name}`));
  if (slice === undefined) return child;
  return getOrAdd(child.slices, slice, () => newNode(name, `${parent.id}.${segment}`));
}

function newNode(name: string, id: string): ElementNode {
  return { name, id, element: undefined, children: new Map(), slices: new Map() };
}

function getOrAdd<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
