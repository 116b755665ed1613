/** Reads a mapping that was compiled without a fault once more, as shapes: the same rules, seen from the other side. */
import type { Json, JsonObject } from '../../fhir/types.ts';
import { withBase } from '../code-tables.ts';
import { below, type Compilation, isObject, type Place, ruleName, textOf } from '../compilation.ts';
import type { Mapping } from '../compile.ts';
import { elementsOf } from '../objects.ts';
import { isRule } from '../rules.ts';
import type { Fields } from './fields.ts';
import { inversesOf } from './inverses.ts';
import type { Condition, FieldPath, RuleShape, Shape, TemplateShape } from './shape.ts';

/** The loops around a rule: name of the item, and where its list stands in the schema. */
type Names = ReadonlyMap<string, readonly string[]>;
type Reading = { compilation: Compilation; fields: Fields };

/** The resource rules of a mapping as shapes, by name, in its order. */
export function shapesOf(mapping: Mapping, fields: Fields): ReadonlyMap<string, RuleShape> {
  const { compilation, resources } = mapping.source;
  const reading: Reading = { compilation, fields };
  return new Map(
    mapping.rules.map((rule) => {
      const place = resources.get(rule.name)!;
      const { node } = place;
      const item = textOf(node['as']);
      const list = pathOf(node['forEach'], noLoops);
      const names: Names = item ? new Map([[item, list.steps]]) : noLoops;
      const at = (field: string): Place => below(place, field);
      const elements = elementsOf(compilation, at('elements') as Place<JsonObject>);
      const key = isObject(node['key']) ? node['key']['value'] : node['key'];
      const shape: RuleShape = {
        name: rule.name,
        rule: rule.rule,
        type: rule.type,
        keySystem: rule.keySystem,
        key: templateOf(key, names),
        loop: item ? { list, item } : undefined,
        id: 'id' in node ? pathOf(node['id'], names) : undefined,
        when: 'when' in node ? conditionOf(node['when'], names) : undefined,
        tag: 'tag' in node ? shapeOf(reading, at('tag'), names) : undefined,
        elements: new Map([...elements].map(([name, one]) => [name, shapeOf(reading, one, names)] as const)),
      };
      return [rule.name, shape] as const;
    }),
  );
}

function shapeOf(reading: Reading, place: Place, names: Names): Shape {
  const { node } = place;
  if (Array.isArray(node)) {
    const items = node.map((_, index) => shapeOf(reading, below(place as Place<Json[]>, index), names));
    return { kind: 'list', items };
  }
  if (!isObject(node)) return { kind: 'constant', value: typeof node === 'string' ? withBase(node) : node };
  const here = place as Place<JsonObject>;
  if (!('$for' in node)) return guarded(reading, here, names);
  const item = textOf(node['$as']);
  const list = pathOf(node['$for'], names);
  const body = guarded(reading, here, new Map([...names, [item, schemaSteps(list, names)]]));
  return { kind: 'repeat', list, item, body };
}

function guarded(reading: Reading, place: Place<JsonObject>, names: Names): Shape {
  const body = isRule(place.node) ? ruleOf(reading, place, names) : objectOf(reading, place, names);
  if (!('$when' in place.node)) return body;
  return { kind: 'guarded', when: conditionOf(place.node['$when'], names), body };
}

function objectOf(reading: Reading, place: Place<JsonObject>, names: Names): Shape {
  const elements = [...elementsOf(reading.compilation, place)].map(
    ([name, one]) => [name, shapeOf(reading, one, names)] as const,
  );
  return { kind: 'object', elements: new Map(elements) };
}

function ruleOf(reading: Reading, place: Place<JsonObject>, names: Names): Shape {
  const { node } = place;
  const rule = ruleName(place);
  const inverses = inversesOf(reading.compilation, node);
  if ('$path' in node) {
    return eachOf(reading, pathOf(node['$path'], names), names, (path) => ({
      kind: 'path',
      path,
      inverses,
      rule,
    }));
  }
  if ('$template' in node) {
    return { kind: 'template', template: templateOf(node['$template'], names), inverses, rule };
  }
  if ('$value' in node) return { kind: 'constant', value: constantOf(reading.compilation, place) };
  if ('$current' in node) return { kind: 'current' };
  if ('$first' in node) {
    const list = below(place, '$first') as Place<Json[]>;
    return {
      kind: 'first',
      choices: list.node.map((_, index) => shapeOf(reading, below(list, index), names)),
    };
  }
  const target = textOf(node['$reference']);
  if (!('$id' in node)) return { kind: 'reference', target, id: undefined, rule };
  return eachOf(reading, pathOf(node['$id'], names), names, (id) => ({
    kind: 'reference',
    target,
    id,
    rule,
  }));
}

/** A rule that reads a simple list writes once for each of its values: a loop without a name. */
function eachOf(reading: Reading, path: FieldPath, names: Names, shape: (path: FieldPath) => Shape): Shape {
  const isItem = path.loop !== undefined && !path.steps.length;
  if (isItem || !reading.fields(schemaSteps(path, names)).list) return shape(path);
  return { kind: 'repeat', list: path, item: '', body: shape({ loop: '', steps: [] }) };
}

function schemaSteps({ loop, steps }: FieldPath, names: Names): readonly string[] {
  return loop === undefined ? steps : [...(names.get(loop) ?? []), ...steps];
}

const noLoops: Names = new Map();

/** What a constant rule writes: its own compiled form says so best. */
function constantOf(compilation: Compilation, place: Place<JsonObject>): unknown {
  const { $when: _, ...node } = place.node;
  const { evaluate } = compilation.expression(compilation, { ...place, node }, []);
  return evaluate({ trace: undefined } as Parameters<typeof evaluate>[0]);
}

function conditionOf(node: Json | undefined, names: Names): Condition {
  const condition = node as JsonObject;
  const parts = (list: Json | undefined): Condition[] =>
    (list as Json[]).map((part) => conditionOf(part, names));
  if ('all' in condition) return { kind: 'all', parts: parts(condition['all']) };
  if ('any' in condition) return { kind: 'any', parts: parts(condition['any']) };
  if ('not' in condition) return { kind: 'not', part: conditionOf(condition['not'], names) };
  if ('exists' in condition) return { kind: 'exists', path: pathOf(condition['exists'], names) };
  if ('current' in condition) return { kind: 'current' };
  const path = pathOf(condition['path'], names);
  if ('in' in condition) return { kind: 'in', path, list: pathOf(condition['in'], names) };
  const { is = null } = condition;
  return { kind: 'is', path, values: Array.isArray(is) ? is : [is] };
}

function templateOf(node: Json | undefined, names: Names): TemplateShape {
  const pieces = withBase(textOf(node)).split(/\{([^{}]*)\}/);
  return {
    texts: pieces.filter((_, index) => index % 2 === 0),
    paths: pieces.filter((_, index) => index % 2 === 1).map((text) => pathOf(text, names)),
  };
}

function pathOf(node: Json | undefined, names: Names): FieldPath {
  const steps = textOf(node).split('.');
  const loop = names.has(steps[0]!) ? steps[0] : undefined;
  return loop === undefined ? { steps } : { loop, steps: steps.slice(1) };
}
