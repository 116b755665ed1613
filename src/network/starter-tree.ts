/** What a starter file holds: every field of a kind with a sample value, and which of them it cannot do without. */
import type { RuleOf, Rule } from './rule.ts';
import { sampleText } from './sample-value.ts';
import type { Shape } from './shape.ts';

/** A field or an item with its sample; what is not `active` is written as a comment. */
export type Sample = {
  name: string;
  shape: Shape;
  active: boolean;
  /** A simple value; else `parts`: fields of an object, or items of a list. */
  text?: string;
  parts: Sample[];
  /** Names an item of the list it stands in: nothing can be said before there are two. */
  self: boolean;
};

type Scope = { rules: readonly Rule[]; needed: ReadonlySet<string>; text(shape: Shape): string };

/** The samples of a kind, its required fields and what its rules ask for active. */
export function starterTree(shape: Shape, rules: readonly Rule[], day: string): Sample {
  let needed = new Set(rules.flatMap((rule) => neededBy(rule, shape)));
  for (;;) {
    const uses = new Map<string, number>();
    const text = (one: Shape): string => {
      const n = (uses.get(one.format ?? '') ?? 0) + 1;
      uses.set(one.format ?? '', n);
      return sampleText(one, n, day);
    };
    const tree = sampleOf('', shape, '', true, { rules, needed, text });
    const more = new Set([...needed, ...namedLists(tree)]);
    if (more.size === needed.size) return tree;
    needed = more;
  }
}

function neededBy(rule: Rule, shape: Shape): string[] {
  if (rule.rule === 'at-least' && rule.min > 0) return [rule.list];
  if (rule.rule !== 'one-of') return [];
  const known = rule.fields.filter((field) => shapeAt(shape, field));
  return known.slice(0, 1);
}

function shapeAt(shape: Shape, path: string): Shape | undefined {
  return path.split('/').reduce<Shape | undefined>((at, step) => at?.fields.get(step), shape);
}

function sampleOf(name: string, shape: Shape, path: string, active: boolean, scope: Scope): Sample {
  const sample: Sample = { name, shape, active, parts: [], self: false };
  if (shape.type === 'fields') sample.parts = fieldsOf(shape, path, scope, {}, []);
  else if (shape.type === 'list') sample.parts = itemsOf(name, shape, path, scope);
  else if (shape.type === 'boolean') sample.text = 'false';
  else sample.text = shape.names === undefined ? scope.text(shape) : idIn(shape.names, 1);
  return sample;
}

function itemsOf(name: string, { item }: Shape, path: string, scope: Scope): Sample[] {
  if (!item) return [];
  const least = scope.rules.filter((rule) => rule.rule === 'at-least').filter((rule) => rule.list === path);
  const wanted = wantedOf(item, least);
  const count = Math.max(wanted.length, ...least.map(({ min }) => min));
  return Array.from({ length: count }, (_, index): Sample => {
    const where = wanted[index] ?? wanted[0]!;
    if (item.type !== 'fields') return sampleOf(name, item, path, true, scope);
    const fixed = item.fields.get('id')?.pattern ? { ...where, id: idIn(path, index + 1) } : where;
    return {
      name: '',
      shape: item,
      active: true,
      parts: fieldsOf(item, path, scope, fixed, scope.rules),
      self: false,
    };
  });
}

/** The values that rules want of items: of one item as long as they agree, of another one where they do not. */
function wantedOf(item: Shape, rules: readonly RuleOf<'at-least'>[]): Record<string, string>[] {
  const wanted: Record<string, string>[] = [{}];
  for (const rule of rules) {
    const own: Record<string, string> = {};
    for (const [field, values] of Object.entries(rule.where ?? {})) own[field] = values[0]!;
    const needed = Object.keys(rule.unless ?? {}).filter((field) => item.required.has(field));
    for (const field of [...(rule.has ?? []), ...needed])
      own[field] ??= allowed(item.fields.get(field), field, rule);
    const agrees = wanted.find((one) =>
      Object.entries(own).every(([field, value]) => (one[field] ?? value) === value),
    );
    if (agrees) Object.assign(agrees, own);
    else wanted.push(own);
  }
  return wanted;
}

function allowed(shape: Shape | undefined, field: string, { unless }: RuleOf<'at-least'>): string {
  return (shape?.words ?? []).find((word) => !unless?.[field]?.includes(word)) ?? '';
}

/** The fields of an object or item; those of `fixed` and what the rules of the list ask of it are active. */
function fieldsOf(
  shape: Shape,
  path: string,
  scope: Scope,
  fixed: Readonly<Record<string, string>>,
  rules: readonly Rule[],
): Sample[] {
  const below = (name: string): string => (path === '' ? name : `${path}/${name}`);
  const needs = (name: string): boolean =>
    [...scope.needed].some((one) => `${one}/`.startsWith(`${below(name)}/`));
  const samples = [...shape.fields].map(([name, one]): Sample => {
    const active = shape.required.has(name) || name in fixed || needs(name);
    const sample = sampleOf(name, one, below(name), active, scope);
    if (name in fixed && fixed[name] !== '') sample.text = fixed[name]!;
    return { ...sample, self: one.names !== undefined && one.names === path };
  });
  const named = (name: string): Sample | undefined => samples.find((one) => one.name === name);
  for (const [name, others] of Object.entries(shape.together))
    if (named(name)?.active) for (const other of others) activate(named(other));
  for (const rule of rules) {
    if (rule.rule !== 'requires' || rule.list !== path) continue;
    const matches = Object.entries(rule.where ?? {}).every(([field, words]) => {
      const sample = named(field);
      return sample?.active && words.includes(sample.text ?? '');
    });
    const has = (rule.has ?? []).every((field) => named(field)?.active);
    if (matches && has) activate(named(rule.field));
  }
  if (path !== '' && !samples.some(({ active }) => active)) activate(samples[0]);
  return samples;
}

function activate(sample: Sample | undefined): void {
  if (sample) sample.active = true;
}

/** `etablissements` → `etablissement-1`: the id of its n-th sample. */
function idIn(list: string, n: number): string {
  const name = list.split('/').at(-1)!.replaceAll('_', '-').replace(/s$/, '');
  return `${name}-${n}`;
}

/** Lists whose items active fields name. */
function namedLists(sample: Sample): string[] {
  if (!sample.active) return [];
  return [
    ...(sample.shape.names === undefined ? [] : [sample.shape.names]),
    ...sample.parts.flatMap(namedLists),
  ];
}
