/** Functions of the subset on a compiled input (FHIRPath 2.0 §5; FHIR R4 §2.9.1.3); answers are those of fhirpath.js. */
import { anyResource } from '../base-schema.ts';
import { type Expression, manyExpression, truthExpression } from './expression.ts';
import type { Syntax } from './parse.ts';
import { NotInSubset } from './tokens.ts';
import { areTexts, system, type Types } from './types.ts';
import { type Environment, Extended, itemsOfValue, leave, nothing, plain, text } from './values.ts';

/** Compiles an argument that is evaluated on each item of the input. */
type Inner = (syntax: Syntax, types: Types) => Expression;

type Function = (input: Expression, args: readonly Syntax[], inner: Inner) => Expression;

/** The call of a named function. Throws NotInSubset for a function, or a form of it, that the subset has not. */
export function callOf(name: string, input: Expression, args: readonly Syntax[], inner: Inner): Expression {
  const [most, fn] = functions.get(name) ?? [];
  if (!fn || args.length > most!) throw new NotInSubset(name);
  return fn(input, args, inner);
}

const functions = new Map<string, [most: number, fn: Function]>([
  ['exists', [1, (input, args, inner) => presence(args.length ? filtered(input, args, inner) : input, true)]],
  ['empty', [0, (input) => presence(input, false)]],
  ['not', [0, negation]],
  ['hasValue', [0, hasValue]],
  ['where', [1, filtered]],
  ['all', [1, all]],
  ['select', [1, selected]],
  ['count', [0, ({ many, safe }) => manyExpression((item, e) => [many(item, e).length], system.integer, safe)]],
  ['first', [0, ({ many, types, safe }) => manyExpression((item, e) => many(item, e).slice(0, 1), types, safe)]],
  ['isDistinct', [0, isDistinct]],
  ['trace', [1, (input) => input]], // its output would be patient data
  ['resolve', [0, ({ safe }) => ({ ...manyExpression(() => nothing, new Set([anyResource]), safe), constant: nothing })]], // nothing is fetched
  ['iif', [3, iif]],
  ['is', [1, isType]],
  ['startsWith', [1, onText((part) => (value) => value.startsWith(part))]],
  ['endsWith', [1, onText((part) => (value) => value.endsWith(part))]],
  ['contains', [1, onText((part) => (value) => value.includes(part))]],
  ['matches', [1, onText(matcher)]],
  ['substring', [1, substring]],
  ['length', [0, length]],
]); // prettier-ignore

function presence({ many, safe }: Expression, wanted: boolean): Expression {
  return truthExpression((item, environment) => many(item, environment).length > 0 === wanted, safe);
}

function negation(input: Expression): Expression {
  return truthExpression((item, environment) => {
    const value = input.truth(item, environment);
    return value === undefined ? undefined : !value;
  }, input.safe && input.isTruth);
}

function hasValue({ many, safe }: Expression): Expression {
  return truthExpression((item, environment) => {
    const items = many(item, environment);
    const value = items.length === 1 ? plain(items[0]) : undefined;
    return value !== undefined && value !== null && typeof value !== 'object';
  }, safe);
}

/** A criterion is a boolean by its form: anything else that is there would count as true. */
function criterion(input: Expression, args: readonly Syntax[], inner: Inner): Expression {
  const expression = args[0] && inner(args[0], input.types);
  if (!expression?.isTruth) throw new NotInSubset('a criterion that is no boolean');
  return expression;
}

function filtered(input: Expression, args: readonly Syntax[], inner: Inner): Expression {
  const { truth, safe } = criterion(input, args, inner);
  const { many, types } = input;
  const keep = (item: unknown, environment: Environment): readonly unknown[] => {
    const items = many(item, environment);
    return items.length ? items.filter((each) => truth(each, environment) === true) : items;
  };
  return manyExpression(keep, types, input.safe && safe);
}

function all(input: Expression, args: readonly Syntax[], inner: Inner): Expression {
  const { truth, safe } = criterion(input, args, inner);
  return truthExpression(
    (item, environment) => input.many(item, environment).every((each) => truth(each, environment) === true),
    input.safe && safe,
  );
}

function selected(input: Expression, args: readonly Syntax[], inner: Inner): Expression {
  if (!args[0]) throw new NotInSubset('select');
  const { many, types, safe } = inner(args[0], input.types);
  return manyExpression(
    (item, environment) => input.many(item, environment).flatMap((each) => many(each, environment)),
    types,
    input.safe && safe,
  );
}

function isDistinct({ many, types, safe }: Expression): Expression {
  if (!areTexts(types)) throw new NotInSubset('isDistinct');
  return truthExpression((item, environment) => {
    const items = many(item, environment);
    if (items.some((each) => typeof each !== 'string')) leave();
    return new Set(items).size === items.length;
  }, safe);
}

/** Of resources only, by the type they say they are. */
function isType({ many, types }: Expression, args: readonly Syntax[]): Expression {
  const name = args[0]?.kind === 'member' && args[0].of === undefined ? args[0].name : '';
  const isResourceType = /^[A-Z]\w+$/.test(name) && name !== anyResource && name !== 'DomainResource';
  if (!isResourceType || types.size !== 1 || !types.has(anyResource)) throw new NotInSubset('is');
  return truthExpression((item, environment) => {
    const items = many(item, environment);
    if (items.length === 0) return undefined;
    if (items.length > 1 || items[0] instanceof Extended) leave();
    return (items[0] as { resourceType?: unknown }).resourceType === name;
  }, false);
}

/** Only `iif(empty(), …)` on what is always empty here, as in what R4 asks of references it resolves. */
function iif(input: Expression, [condition, then]: readonly Syntax[], inner: Inner): Expression {
  const asksEmpty = condition?.kind === 'call' && condition.name === 'empty' && condition.of === undefined;
  if (!asksEmpty || input.constant?.length !== 0 || then?.kind !== 'literal') throw new NotInSubset('iif');
  return { ...inner(then, input.types), safe: input.safe };
}

function literal(args: readonly Syntax[], type: 'string' | 'number'): string | number {
  const value = args[0]?.kind === 'literal' ? args[0].value : undefined;
  if (typeof value !== type) throw new NotInSubset('an argument that is no literal');
  return value as string | number;
}

function onText(test: (part: string) => (value: string) => boolean): Function {
  return ({ many }, args) => {
    const part = String(literal(args, 'string'));
    if (part === '') throw new NotInSubset('an empty argument');
    const holds = test(part);
    return truthExpression((item, environment) => {
      const value = text(many(item, environment));
      return value === undefined ? undefined : holds(value);
    }, false);
  };
}

function matcher(source: string): (value: string) => boolean {
  try {
    const expression = new RegExp(source, 'us');
    return (value) => expression.test(value);
  } catch {
    throw new NotInSubset(source);
  }
}

function substring({ many }: Expression, args: readonly Syntax[]): Expression {
  const start = Number(literal(args, 'number'));
  return manyExpression(
    (item, environment) => {
      const value = text(many(item, environment));
      return itemsOfValue(value === undefined || start >= value.length ? undefined : value.slice(start));
    },
    system.string,
    false,
  );
}

function length({ many }: Expression): Expression {
  return manyExpression(
    (item, environment) => itemsOfValue(text(many(item, environment))?.length),
    system.integer,
    false,
  );
}
