/** Expressions of the subset as closures over the JSON of a resource; `docs/validation.md` states the subset. */
import { anyResource, type Model, type Shapes } from '../base-schema.ts';
import { type Expression, manyExpression } from './expression.ts';
import { callOf } from './functions.ts';
import { follow } from './navigate.ts';
import { operatorNamed } from './operators.ts';
import { parse, type Syntax } from './parse.ts';
import { NotInSubset } from './tokens.ts';
import { stepOf, system, type Types } from './types.ts';
import { type Many, nothing } from './values.ts';

const ucum = 'http://unitsofmeasure.org';

/** Closures of an expression on values of an R4 type; undefined when it is none of the subset. */
export function compileExpression(expression: string, type: string, model: Model): Expression | undefined {
  try {
    return compiler(model, type)(parse(expression), new Set([type]));
  } catch (error) {
    if (error instanceof NotInSubset) return undefined;
    throw error;
  }
}

function compiler(model: Model, root: string): (syntax: Syntax, types: Types) => Expression {
  return compile;

  function compile(syntax: Syntax, focus: Types): Expression {
    switch (syntax.kind) {
      case 'literal':
        return literal(syntax.value);
      case 'this':
        return current(focus);
      case 'external':
        return external(syntax.name, holderOf(root, model.shapes));
      case 'member':
        return member(syntax, focus);
      case 'call':
        return callOf(syntax.name, syntax.of ? compile(syntax.of, focus) : current(focus), syntax.args, compile);
      case 'operator':
        return operatorNamed(syntax.name)(compile(syntax.left, focus), compile(syntax.right, focus));
    }
  } // prettier-ignore

  function member({ of, name }: Syntax & { kind: 'member' }, focus: Types): Expression {
    if (!of && name === root && focus.size === 1 && focus.has(root)) return current(focus);
    const from = of && compile(of, focus);
    const step = stepOf(from?.types ?? focus, name, model);
    const go = follow(step);
    if (!from) return manyExpression((item) => go(item), step.types, true);
    const { many } = from;
    const next: Many = (item, environment) => {
      const items = many(item, environment);
      if (items.length === 1) return go(items[0]);
      return items.length ? items.flatMap(go) : nothing;
    };
    return manyExpression(next, step.types, from.safe);
  }
}

function literal(value: string | number | boolean): Expression {
  const items = [value];
  const types = { string: system.string, number: system.integer, boolean: system.boolean }[typeof value as 'string' | 'number' | 'boolean']; // prettier-ignore
  const isTruth = typeof value === 'boolean';
  return { ...manyExpression(() => items, types, true), isTruth, constant: items };
}

function current(types: Types): Expression {
  return manyExpression((item) => [item], types, true);
}

/** The type of the resource that a type or nested element stands in: any one for a data type. */
function holderOf(type: string, shapes: Shapes): Types {
  const [outer] = type.split('.') as [string];
  return new Set([shapes[outer]?.['implicitRules'] ? outer : anyResource]);
}

function external(name: string, holder: Types): Expression {
  if (name === 'resource') return manyExpression((_item, { resource }) => [resource], holder, true);
  if (name === 'rootResource') {
    return manyExpression((_item, { root }) => [root], new Set([anyResource]), true);
  }
  if (name === 'ucum') return literal(ucum);
  throw new NotInSubset(name);
}
