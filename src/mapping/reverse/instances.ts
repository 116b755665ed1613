/** Which rule wrote a resource, and for which item: told by its type and key, and where those do not say, by its elements. */
import type { Incoming } from './incoming.ts';
import { pointerOf, type Scope } from './draft.ts';
import { bindTemplate, type Identity, type Matching, readTemplate } from './matching.ts';
import type { FieldPath, RuleShape } from './shape.ts';
import { suppose } from './suppose.ts';

/** A resource as that of a rule; `item` is the pointer of the item it was written for. */
export type Instance = { rule: RuleShape; item: string | undefined; resource: Incoming };

const nowhere: Scope = new Map();

export function scopeOf({ rule, item }: Instance): Scope {
  return rule.loop && item !== undefined ? new Map([[rule.loop.item, item]]) : nowhere;
}

export function listOf(rule: RuleShape): string | undefined {
  return rule.loop && pointerOf(nowhere, rule.loop.list);
}

/** By list: the field references find items by, else the one the keys of its rules name. */
export function identitiesOf(rules: Iterable<RuleShape>): ReadonlyMap<string, Identity> {
  const all = [...rules];
  const identities = new Map<string, Identity>();
  for (const list of new Set(all.flatMap((rule) => listOf(rule) ?? []))) {
    const over = all.filter((rule) => listOf(rule) === list);
    const inKey = over.flatMap((rule) => rule.key.paths.filter(({ loop }) => loop !== undefined));
    const path = over.find(({ id }) => id)?.id ?? inKey[0];
    if (!path) continue;
    const field = fieldOf(path);
    const namedBy = over.filter((rule) => namesField(rule, field)).map(({ name }) => name);
    identities.set(list, { field, namedBy: new Set(namedBy) });
  }
  return identities;
}

function fieldOf({ steps }: FieldPath): string {
  return steps.map((step) => `/${step}`).join('');
}

function namesField({ key }: RuleShape, field: string): boolean {
  return key.paths.some((path) => path.loop !== undefined && fieldOf(path) === field);
}

/** Can this rule have given the resource its key? */
export function fits(m: Matching, rule: RuleShape, { type, key }: Incoming): boolean {
  return (
    type === rule.type &&
    key.startsWith(`${rule.keySystem}|`) &&
    readTemplate(m, nowhere, rule.key, key.slice(rule.keySystem.length + 1)) !== undefined
  );
}

/** The instance of a rule whose key names its item, which is made known if it was not; undefined when the key does not. */
export function instanceByKey(m: Matching, rule: RuleShape, resource: Incoming): Instance | undefined {
  const list = listOf(rule);
  if (list === undefined) return { rule, item: undefined, resource };
  const identity = m.identities.get(list);
  if (!identity?.namedBy.has(rule.name)) return undefined;
  const captures = readTemplate(m, nowhere, rule.key, resource.key.slice(rule.keySystem.length + 1)) ?? [];
  const value = captures.find(
    ({ path }) => path.loop !== undefined && fieldOf(path) === identity.field,
  )?.value;
  if (value === undefined) return undefined;
  const item = m.draft.itemBy(list, identity.field, value) ?? m.draft.appendBy(list, identity.field, value);
  return { rule, item, resource };
}

/** What the key and the condition of a rule say of the item. */
export function bindInstance(m: Matching, instance: Instance): boolean {
  const { rule, resource } = instance;
  const scope = scopeOf(instance);
  return (
    bindTemplate(m, scope, rule.key, resource.key.slice(rule.keySystem.length + 1)) &&
    (!rule.when || suppose(m.draft, scope, rule.when, true))
  );
}
