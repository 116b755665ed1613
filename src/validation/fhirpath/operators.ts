/** Operators of the subset on compiled operands (FHIRPath 2.0 §6); answers are those of fhirpath.js, empty collections included. */
import { type Expression, manyExpression, truthExpression } from './expression.ts';
import { NotInSubset } from './tokens.ts';
import { areComparable, areDates, areNumbers, areSimple, areTexts, system } from './types.ts';
import { leave, nothing, plain, text, type Truth } from './values.ts';

type Operator = (left: Expression, right: Expression) => Expression;

type Three = boolean | undefined;

/** The operator of a name. */
export function operatorNamed(name: string): Operator {
  return operators.get(name) ?? unknown(name);
}

function unknown(name: string): never {
  throw new NotInSubset(name);
}

const operators = new Map<string, Operator>([
  ['and', logical((a, b) => (a === false || b === false ? false : a && b), false)],
  ['or', logical((a, b) => (a === true || b === true ? true : a === undefined ? a : b), true)],
  ['xor', logical((a, b) => (a === undefined || b === undefined ? undefined : a !== b))],
  ['implies', logical((a, b) => (a === false || b === true ? true : a === true ? b : undefined), false)],
  ['=', equality((equal) => equal)],
  ['!=', equality((equal) => !equal)],
  ['<', order((sign) => sign < 0)],
  ['<=', order((sign) => sign <= 0)],
  ['>', order((sign) => sign > 0)],
  ['>=', order((sign) => sign >= 0)],
  ['in', membership],
  ['|', union],
  ['+', sum],
  ['&', joined],
]);

/** `decides`: the left value that makes the right one of no account; the right is then left out where it cannot fail. */
function logical(combine: (a: Three, b: Three) => Three, decides?: boolean): Operator {
  return (left, right) => {
    const [a, b] = [left.truth, right.truth];
    const short = decides !== undefined && right.safe && right.isTruth;
    const value: Truth = short
      ? (item, environment) => {
          const first = a(item, environment);
          return first === decides ? combine(first, undefined) : combine(first, b(item, environment));
        }
      : (item, environment) => combine(a(item, environment), b(item, environment));
    return truthExpression(value, left.safe && left.isTruth && right.safe && right.isTruth);
  };
}

function equality(answer: (equal: boolean) => boolean): Operator {
  return (left, right) => {
    if (!areComparable(left.types) || !areComparable(right.types)) throw new NotInSubset('=');
    const simple = areSimple(left.types) && areSimple(right.types);
    return truthExpression(
      (item, environment) => {
        const a = left.many(item, environment);
        const b = right.many(item, environment);
        if (a.length === 0 || b.length === 0) return undefined;
        return answer(a.length === b.length && a.every((each, index) => areEqual(each, b[index])));
      },
      simple && left.safe && right.safe,
    );
  };
}

/** Two items are equal when their values are; twins would have to be compared as well, and decimals by their digits. */
function areEqual(a: unknown, b: unknown): boolean {
  if (typeof a === 'object' || typeof a !== typeof b) leave();
  if (a === b) return true;
  if (typeof a === 'string' || typeof a === 'boolean') return false;
  return Number.isInteger(a) && Number.isInteger(b) ? false : leave();
}

function order(holds: (sign: number) => boolean): Operator {
  return (left, right) => {
    const sign = areNumbers(left.types) && areNumbers(right.types) ? signOfNumbers
      : areDates(left.types) && areDates(right.types) ? signOfDates
      : unknown('<'); // prettier-ignore
    return truthExpression((item, environment) => {
      const a = left.many(item, environment);
      const b = right.many(item, environment);
      if (a.length === 0 || b.length === 0) return undefined;
      if (a.length > 1 || b.length > 1) leave();
      const [x, y] = [plain(a[0]), plain(b[0])];
      if (x === undefined || x === null || y === undefined || y === null) return undefined;
      return holds(sign(x, y));
    }, false);
  };
}

function signOfNumbers(a: unknown, b: unknown): number {
  return typeof a === 'number' && typeof b === 'number' ? a - b : leave();
}

/** Days of one form or moments of one form; all else (one precise, the other not) is for fhirpath.js. */
function signOfDates(a: unknown, b: unknown): number {
  if (typeof a !== 'string' || typeof b !== 'string') leave();
  if (a.length === b.length && day.test(a) && day.test(b)) return a < b ? -1 : a > b ? 1 : 0;
  if (!moment.test(a) || !moment.test(b)) leave();
  const difference = Date.parse(a) - Date.parse(b);
  return Number.isNaN(difference) ? leave() : difference;
}

const existing =
  '\\d{4}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\\d|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)';
const day = new RegExp(`^(?:\\d{4}|\\d{4}-(?:0[1-9]|1[0-2])|${existing})$`);
const moment = new RegExp(
  `^${existing}T(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d{1,3})?(?:Z|[+-](?:0\\d|1[0-3]):[0-5]\\d)$`,
);

function membership(left: Expression, right: Expression): Expression {
  if (!areTexts(left.types) || !areTexts(right.types)) throw new NotInSubset('in');
  return truthExpression((item, environment) => {
    const a = left.many(item, environment);
    const b = right.many(item, environment);
    if (a.length === 0) return undefined;
    if (a.length > 1) leave();
    return b.some((each) => areEqual(a[0], each));
  }, false);
}

function union(left: Expression, right: Expression): Expression {
  if (!areTexts(left.types) || !areTexts(right.types)) throw new NotInSubset('|');
  const types = new Set([...left.types, ...right.types]);
  const { constant: a } = left;
  const { constant: b } = right;
  if (a && b) {
    const all = [...new Set([...a, ...b])];
    return { ...manyExpression(() => all, types, true), constant: all };
  }
  return manyExpression(
    (item, environment) => {
      const all = [...left.many(item, environment), ...right.many(item, environment)];
      if (all.some((each) => typeof each !== 'string')) leave();
      return [...new Set(all)];
    },
    types,
    left.safe && right.safe,
  );
}

function sum(left: Expression, right: Expression): Expression {
  if (!isInteger(left) || !isInteger(right)) throw new NotInSubset('+');
  const value = (items: readonly unknown[]): number => Number(items[0]);
  return manyExpression(
    (item, environment) => {
      const [a, b] = [left.many(item, environment), right.many(item, environment)];
      return a.length && b.length ? [value(a) + value(b)] : nothing;
    },
    system.integer,
    left.safe && right.safe,
  );
}

function isInteger({ types }: Expression): boolean {
  return types.size === 1 && types.has('%integer');
}

function joined(left: Expression, right: Expression): Expression {
  if (!areTexts(left.types) || !areTexts(right.types)) throw new NotInSubset('&');
  const one = (expression: Expression, item: unknown, environment: Parameters<Truth>[1]): string =>
    text(expression.many(item, environment)) ?? '';
  return manyExpression(
    (item, environment) => [one(left, item, environment) + one(right, item, environment)],
    system.string,
    false,
  );
}
