/**
 * Generated values made into a network without a fault: what a schema cannot ask for is written in (rules, references),
 * what is still wrong is taken out where the check says so.
 */
import fc from 'fast-check';
import { hasErrors, isError } from './issues.ts';
import type { Json, JsonObject } from '../../src/fhir/types.ts';
import { textOf } from '../../src/mapping/compilation.ts';
import { mapRecord } from '../../src/mapping/map-record.ts';
import { checkNetwork } from '../../src/network/check.ts';
import { endField, isInForce, itemsAt, startField } from '../../src/network/items.ts';
import type { Kind } from '../../src/network/kind.ts';
import type { Network } from '../../src/network/network.ts';
import type { Rule } from '../../src/network/rule.ts';
import { itemOf, listAt, type Located, propertyOf, resolved, schemaOf } from './schemas.ts';
import { valuesOf } from './values.ts';

/** More rounds never helped a network that these did not. */
const rounds = 16;
const longAgo = '2015-01-01';

export type Repair = { kind: Kind; at: string; seed: number };

/** The network without errors, or undefined when it could not be had by leaving things out. */
export function repaired(data: JsonObject, { kind, at, seed }: Repair): JsonObject | undefined {
  let draw = seed;
  const sample = (located: Located): Json => {
    draw += 1;
    return fc.sample(valuesOf(located), { seed: draw, numRuns: 1 })[0]!;
  };
  const pick = <T>(from: readonly T[]): T | undefined => {
    draw += 1;
    return from[draw % Math.max(from.length, 1)];
  };
  for (let round = 0; round < rounds; round += 1) {
    complete(data, schemaOf(kind.name), sample);
    tidy(data);
    for (const rule of kind.rules) write(rule, data, { kind, at, sample });
    refer(data, kind, pick);
    const pointers: string[] = [];
    const network = asNetwork(data, pointers);
    const issues = checkNetwork(network, kind, { at });
    if (!hasErrors(issues)) issues.push(...mapRecord(kind.mapping, network, { at }).issues);
    if (!hasErrors(issues)) return data;
    const wrong = issues.filter(isError).map(({ source }) => pointers[source!.line]!);
    // What comes back is left out with what is around it.
    const around = Math.floor(round / 4);
    if (
      !remove(
        data,
        wrong.map((pointer) => widened(pointer, around)),
      )
    )
      return undefined;
  }
  return undefined;
}

/** A network of plain data; positions are places in `pointers`. */
function asNetwork(data: JsonObject, pointers: string[]): Network {
  const file = 'generated.yaml';
  return {
    ...{
      file,
      data,
      text: '',
      hash: '',
      kind: textOf(data['kind']),
      id: textOf(data['id']),
      name: textOf(data['name']),
    },
    positionOf: (pointer) => ({ file, line: pointers.push(pointer) - 1, column: 1 }),
  };
}

/** Ids are of their list alone, and a period ends after it began. */
function tidy(part: Json): void {
  if (typeof part !== 'object' || part === null) return;
  Object.values(part).forEach(tidy);
  if (!Array.isArray(part)) {
    const { [startField]: start, [endField]: end } = part;
    if (typeof start === 'string' && typeof end === 'string' && end < start)
      [part[startField], part[endField]] = [end, start];
    return;
  }
  const seen = new Set<string>();
  part.forEach((item, index) => {
    const id = (item as JsonObject | null)?.['id'];
    if (typeof id !== 'string') return;
    const own = seen.has(id) ? `${id.slice(0, 40)}-${index}` : id;
    (item as JsonObject)['id'] = own;
    seen.add(own);
  });
}

/** Fields that must be there and were taken out before are written again. */
function complete(value: Json | undefined, at: Located, sample: (located: Located) => Json): void {
  if (Array.isArray(value)) value.forEach((item) => complete(item, itemOf(at), sample));
  else if (typeof value === 'object' && value !== null) {
    const { schema } = resolved(at);
    for (const name of schema.required ?? [])
      if (!(name in value)) value[name] = sample(propertyOf(at, name)!);
    for (const [name, child] of Object.entries(value)) {
      const property = propertyOf(at, name);
      if (property) complete(child, property, sample);
    }
  }
}

type Means = { kind: Kind; at: string; sample: (located: Located) => Json };

/** Fields that a rule asks for are written; what it forbids is left to the check. */
function write(rule: Rule, data: JsonObject, { kind, at, sample }: Means): void {
  const item = 'list' in rule ? listAt(kind.name, rule.list) : undefined;
  const field = (object: JsonObject, name: string): void => {
    const located = item && propertyOf(itemOf(item), name);
    if (located && object[name] === undefined) object[name] = sample(located);
  };
  if (rule.rule === 'at-least') {
    const items = itemsAt(data, rule.list).map(({ value }) => value);
    items.slice(0, rule.min).forEach((value) => {
      for (const [name, values] of Object.entries(rule.where ?? {}))
        if (!values.includes(textOf(value[name]))) value[name] = values[0]!;
      for (const name of rule.has ?? []) field(value, name);
      for (const [name, values] of Object.entries(rule.unless ?? {})) {
        const located = item && propertyOf(itemOf(item), name);
        for (let i = 0; located && i < 50 && values.includes(textOf(value[name])); i += 1)
          value[name] = sample(located);
      }
      if (!isInForce(value, at)) {
        if (value[startField] !== undefined) value[startField] = longAgo;
        delete value[endField];
      }
    });
    if (items.length < rule.min) fill(data, rule.list, kind, sample);
  }
  if (rule.rule === 'one-of' && rule.fields.every((path) => isBare(data, path)))
    fill(data, rule.fields[0]!, kind, sample);
  if (rule.rule === 'requires')
    for (const { value } of itemsAt(data, rule.list))
      if (
        Object.entries(rule.where ?? {}).every(([name, values]) => values.includes(textOf(value[name]))) &&
        (rule.has ?? []).every((name) => value[name] !== undefined)
      )
        field(value, rule.field);
  if (rule.rule === 'refers-back') {
    const items = itemsAt(data, rule.list).map(({ value }) => value);
    items.forEach((value, index) => {
      if (value[rule.by] === undefined || items.slice(0, index).some(({ id }) => id === value[rule.by]))
        return;
      const above = items[index - 1]?.['id'];
      if (above !== undefined) value[rule.by] = above;
      else for (const name of [rule.by, ...askFor(kind, rule.list, rule.by)]) delete value[name];
    });
  }
  if (rule.rule === 'same-as')
    for (const { value } of itemsAt(data, rule.list)) {
      const named = itemsAt(data, rule.others).find((other) => other.value['id'] === value[rule.through]);
      const same = named?.value[rule.by];
      if (same !== undefined) value[rule.by] = same;
    }
  if (rule.rule === 'sequence') {
    const items = itemsAt(data, rule.list).map(({ value }) => value);
    const rank = (value: JsonObject): number => rule.order.indexOf(textOf(value[rule.by]));
    replace(
      data,
      rule.list,
      items.toSorted((a, b) => rank(a) - rank(b)),
    );
  }
  if (rule.rule === 'in-order') {
    const items = itemsAt(data, rule.list).map(({ value }) => value);
    const dates = items
      .map((value) => value[rule.by])
      .filter((date) => typeof date === 'string')
      .sort();
    for (const value of items) if (value[rule.by] !== undefined) value[rule.by] = dates.shift()!;
  }
}

/** Fields that cannot stand without another one. */
function askFor({ rules }: Kind, list: string, field: string): string[] {
  return rules.flatMap((rule) =>
    rule.rule === 'requires' && rule.list === list && rule.field === field ? [...(rule.has ?? [])] : [],
  );
}

function isBare(data: JsonObject, path: string): boolean {
  const value = path
    .split('/')
    .reduce<Json | undefined>((part, step) => (part as JsonObject | undefined)?.[step], data);
  return value === undefined || (Array.isArray(value) && value.length === 0);
}

/** Puts something at a path: an item in a list, a value in a field. */
function fill(data: JsonObject, path: string, kind: Kind, sample: (located: Located) => Json): void {
  const located = listAt(kind.name, path);
  const parent = parentOf(data, path);
  const name = path.split('/').at(-1)!;
  if (!located || !parent) return;
  const there = parent[name];
  if (located.schema.items) parent[name] = [...(Array.isArray(there) ? there : []), sample(itemOf(located))];
  else parent[name] = sample(located);
}

function replace(data: JsonObject, path: string, items: JsonObject[]): void {
  const parent = parentOf(data, path);
  if (parent?.[path.split('/').at(-1)!]) parent[path.split('/').at(-1)!] = items;
}

function parentOf(data: JsonObject, path: string): JsonObject | undefined {
  return path
    .split('/')
    .slice(0, -1)
    .reduce<JsonObject | undefined>((part, step) => part?.[step] as JsonObject | undefined, data);
}

/** Each reference names an item of its list, when it has one. */
function refer(data: JsonObject, kind: Kind, pick: <T>(from: readonly T[]) => T | undefined): void {
  for (const { pointer, list, id } of kind.schema(data).mentions) {
    const ids = itemsAt(data, list).map(({ value }) => value['id']);
    const chosen = ids.includes(id) ? id : pick(ids);
    const { parent, step } = place(data, pointer);
    if (chosen !== undefined && parent) (parent as JsonObject)[step] = chosen;
  }
}

/** The pointer of what is `levels` around, a field of the network at most. */
function widened(pointer: string, levels: number): string {
  const steps = pointer.split('/');
  return steps.slice(0, Math.max(steps.length - levels, Math.min(steps.length, 2))).join('/');
}

/** Takes out what stands at the pointers; a field that must be there goes with the object around it. False: the network itself. */
function remove(data: JsonObject, pointers: readonly string[]): boolean {
  for (const pointer of [...new Set(pointers)].sort(lastFirst)) {
    const { parent, step } = place(data, pointer);
    if (!parent || pointer === '') return false;
    if (Array.isArray(parent)) parent.splice(Number(step), 1);
    else delete parent[step];
  }
  return pointers.length > 0;
}

function lastFirst(a: string, b: string): number {
  return b.localeCompare(a, undefined, { numeric: true });
}

function place(data: JsonObject, pointer: string): { parent: JsonObject | Json[] | undefined; step: string } {
  const steps = pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  const step = steps.pop() ?? '';
  const parent = steps.reduce<unknown>((part, name) => (part as JsonObject | undefined)?.[name], data);
  return { parent: parent as JsonObject | Json[] | undefined, step };
}
