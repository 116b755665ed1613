/** Resources as a server or a file gives them, brought to the form the mapping writes: references by business key. */
import { keyOf } from '../../fhir/key.ts';
import { normalForm } from '../../fhir/normal.ts';
import { referenceTo } from '../../fhir/references.ts';
import type { AnyResource, Coding, Identifier, JsonObject } from '../../fhir/types.ts';
import { managedByTag } from '../../fhir/names.ts';
import { isObject } from '../compilation.ts';
import type { RuleShape, Shape } from './shape.ts';

export type Incoming = {
  type: string;
  /** Business key under which a rule can have written it. */
  key: string;
  /** Without id, meta, narrative, the identifier of the key and extensions the mapping does not write. */
  elements: JsonObject;
  tags: readonly Coding[];
  /** Place in the list that was given. */
  index: number;
};

/** Those that rules of the mapping can have written, and the places of all others. */
export function readIncoming(
  resources: readonly AnyResource[],
  rules: readonly RuleShape[],
): { incoming: Incoming[]; foreign: number[] } {
  const systems = new Map<string, Set<string>>();
  for (const { type, keySystem } of rules) {
    systems.set(type, (systems.get(type) ?? new Set()).add(keySystem));
  }
  const keys = resources.map((resource) => keyFor(resource, systems.get(resource.resourceType)));
  const byAddress = new Map<string, string>();
  resources.forEach(({ resourceType, id }, index) => {
    const key = keys[index];
    // from outside: what stands where an id should may be anything
    if (typeof id === 'string' && key !== undefined) {
      byAddress.set(`${resourceType}/${id}`, referenceTo(resourceType, key));
    }
  });
  const urls = extensionUrls(rules);
  const incoming: Incoming[] = [];
  const foreign: number[] = [];
  resources.forEach((resource, index) => {
    const key = keys[index];
    if (key === undefined) return void foreign.push(index);
    const {
      resourceType: type,
      identifier,
      ...elements
    } = normalForm(resource, (reference) => byAddress.get(localPart(reference)));
    const others = (identifier as Identifier[]).filter((one) => keyOf(one) !== key);
    const own = { ...(others.length ? { identifier: others } : {}), ...elements } as JsonObject;
    incoming.push({
      type,
      key,
      elements: withoutForeign(own, urls) as JsonObject,
      tags: tagsOf(resource),
      index,
    });
  });
  return { incoming, foreign };
}

/** `Type/id` of a relative, absolute or versioned reference. */
function localPart(reference: string): string {
  return /([A-Z][A-Za-z]+\/[A-Za-z0-9\-.]{1,64})(?:\/_history\/[^/]+)?$/.exec(reference)?.[1] ?? reference;
}

/** The identifier in a system in which rules of this type give keys; the official one first. */
function keyFor({ identifier }: AnyResource, systems: ReadonlySet<string> | undefined): string | undefined {
  if (!systems || !Array.isArray(identifier)) return undefined;
  const fit = (identifier as unknown[])
    .filter(isObject)
    .filter((one) => typeof one['system'] === 'string' && systems.has(one['system'])) as Identifier[];
  return keyOf(fit.find(({ use }) => use === 'official') ?? fit[0]);
}

function tagsOf({ meta }: AnyResource): Coding[] {
  const tags: unknown = meta?.tag;
  if (!Array.isArray(tags)) return [];
  const { system, code } = managedByTag;
  return (tags as Coding[]).filter((tag) => isObject(tag) && !(tag.system === system && tag.code === code));
}

/** URLs of the extensions the rules write: all others are not ours. */
export function extensionUrls(rules: readonly RuleShape[]): ReadonlySet<string> {
  const urls = new Set<string>();
  const visit = (shape: Shape | undefined): void => {
    if (!shape) return;
    if (shape.kind === 'object') {
      const url = shape.elements.get('url');
      if (url?.kind === 'constant') urls.add(url.value as string);
      shape.elements.forEach(visit);
    } else if (shape.kind === 'list') shape.items.forEach(visit);
    else if (shape.kind === 'first') shape.choices.forEach(visit);
    else if (shape.kind === 'guarded' || shape.kind === 'repeat') visit(shape.body);
  };
  for (const { elements } of rules) elements.forEach(visit);
  return urls;
}

function withoutForeign(value: unknown, urls: ReadonlySet<string>): unknown {
  if (Array.isArray(value)) return value.map((one) => withoutForeign(one, urls));
  if (!isObject(value)) return value;
  const kept: [string, unknown][] = [];
  for (const [name, child] of Object.entries(value)) {
    const isExtension = name === 'extension' || name === 'modifierExtension';
    const own =
      isExtension && Array.isArray(child)
        ? child.filter((one) => isObject(one) && urls.has(one['url'] as string))
        : child;
    if (isExtension && Array.isArray(own) && !own.length) continue;
    const inner = withoutForeign(own, urls);
    if (name.startsWith('_') && isObject(inner) && !Object.keys(inner).length) continue;
    kept.push([name, inner]);
  }
  return Object.fromEntries(kept);
}
