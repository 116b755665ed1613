/** A search as it was asked, checked: an unknown parameter, modifier or value is refused, never passed over. */
import { type ServedType, servedTypes } from '../population/types.ts';
import { checkWindow, type Interval, intervalOf, narrowed } from './match-date.ts';
import type { StringModifier } from './match-string.ts';
import { includes, type Parameter, parameters, revincludes } from './parameters.ts';
import { SearchRefusal } from './refusal.ts';

/** One parameter: any of its values; several conditions hold together. */
export type Condition = {
  name: string;
  parameter: Parameter;
  modifier: StringModifier;
  values: readonly string[];
  /** Parameter of the type referred to, when the search is chained: `organization.identifier`. */
  chain?: Condition;
};

export type SearchAsk = {
  type: ServedType;
  conditions: readonly Condition[];
  updated?: Interval;
  active?: boolean;
  count?: number;
  total?: 'none' | 'estimate' | 'accurate';
  elements?: readonly string[];
  include: readonly { link: string; iterate: boolean }[];
  revinclude: readonly string[];
  /** The query as it was sent, for the self link. */
  query: string;
};

export type SearchLimits = { windowDays: number; now: number };

/** Values in one parameter at most, and characters of a value. */
const bounds = { values: 500, length: 500, conditions: 50 };

/** Throws SearchRefusal (400) for whatever the API does not document. */
export function readSearch(type: ServedType, query: string, limits: SearchLimits): SearchAsk {
  const conditions: Condition[] = [];
  const include: { link: string; iterate: boolean }[] = [];
  const revinclude: string[] = [];
  let updated: Interval | undefined;
  let active: boolean | undefined;
  let count: number | undefined;
  let total: SearchAsk['total'];
  let elements: readonly string[] | undefined;
  for (const [name, value] of new URLSearchParams(query)) {
    if (conditions.length >= bounds.conditions || value.length > bounds.length * 100) {
      throw refused('too-costly', 'The search has too many conditions');
    }
    switch (name) {
      case '_count':
        count = wholeNumber(value);
        break;
      case '_total':
        total = oneOf(name, value, ['none', 'estimate', 'accurate'] as const);
        break;
      case '_elements':
        elements = value.split(',').filter(Boolean);
        break;
      case '_format':
        if (!/json/.test(value)) throw refused('not-supported', 'Only JSON is served');
        break;
      case '_pretty':
        oneOf(name, value, ['true', 'false'] as const);
        break;
      case '_include':
      case '_include:iterate':
        include.push(...includesOf(type, value, name.endsWith(':iterate')));
        break;
      case '_revinclude':
        revinclude.push(...allowed(name, value, revincludes[type]));
        break;
      default: {
        const condition = conditionOf(type, name, value);
        if (condition.parameter.kind === 'updated') {
          updated = narrowed(updated ?? {}, intervalOf(value));
        } else if (condition.parameter.kind === 'active' && condition.values.length === 1) {
          const wanted = oneOf(name, value, ['true', 'false'] as const) === 'true';
          if (active !== undefined && active !== wanted) conditions.push(never);
          active = wanted;
        } else conditions.push(condition);
      }
    }
  }
  if (updated) checkWindow(updated, limits.now, limits.windowDays);
  return {
    ...{ type, conditions, include, revinclude, query },
    ...(updated ? { updated } : {}),
    ...(active === undefined ? {} : { active }),
    ...(count === undefined ? {} : { count }),
    ...(total ? { total } : {}),
    ...(elements ? { elements } : {}),
  };
}

/** A condition that nothing fulfils. */
const never: Condition = { name: '_id', parameter: { kind: 'id' }, modifier: undefined, values: [] };

/** True for a search whose answer depends on the content of another record, as #59, #165 and #414 describe it. */
export function isChained({ conditions }: SearchAsk): boolean {
  return conditions.some((one) => one.chain);
}

function conditionOf(type: ServedType, asked: string, value: string): Condition {
  const [name = '', ...rest] = asked.split('.');
  const [plain = '', modifier] = name.split(':', 2);
  const parameter = Object.hasOwn(parameters[type], plain) ? parameters[type][plain] : undefined;
  if (!parameter) throw unknown(type, plain, Object.keys(parameters[type]));
  const values = splitValues(value);
  if (rest.length) {
    if (parameter.kind !== 'reference' || rest.length > 1 || modifier) {
      throw refused('not-supported', `Unknown chain "${asked}" on ${type}`);
    }
    const chain = conditionOf(parameter.target, rest[0]!, value);
    if (chain.parameter.kind === 'updated') throw refused('not-supported', 'Dates cannot be chained');
    return { name: plain, parameter, modifier: undefined, values: [], chain };
  }
  if (modifier !== undefined && !(parameter.kind === 'string' && /^(contains|exact)$/.test(modifier))) {
    throw refused('not-supported', `Unknown modifier "${modifier}" of "${plain}"`);
  }
  return { name: plain, parameter, modifier: modifier as StringModifier, values };
}

/** Alternatives are separated by commas; `\,` is a comma of the value. */
function splitValues(value: string): string[] {
  const values = value.split(/(?<!\\),/).map((one) => one.replaceAll('\\,', ','));
  if (values.length > bounds.values || values.some((one) => one.length > bounds.length)) {
    throw refused('too-costly', 'The search has too many values, or one that is too long');
  }
  if (values.every((one) => one === '')) throw refused('value', 'A parameter has no value');
  return values.filter((one) => one !== '');
}

function includesOf(type: ServedType, value: string, iterate: boolean): { link: string; iterate: boolean }[] {
  const known = iterate ? servedTypes.flatMap((one) => includes[one]) : includes[type];
  return allowed('_include', value, known).map((link) => ({ link, iterate }));
}

function allowed(name: string, value: string, known: readonly string[]): readonly string[] {
  if (value === '*') return known;
  if (known.includes(value)) return [value];
  throw refused(
    'processing',
    `Invalid ${name} parameter value. Valid values are: ${known.join(', ') || 'none'}`,
  );
}

function oneOf<T extends string>(name: string, value: string, known: readonly T[]): T {
  const found = known.find((one) => one === value);
  if (found === undefined) throw refused('value', `Invalid ${name}. Valid values are: ${known.join(', ')}`);
  return found;
}

function wholeNumber(value: string): number {
  if (!/^\d{1,9}$/.test(value)) throw refused('value', 'Invalid _count: a whole number is wanted');
  return Number(value);
}

function unknown(type: ServedType, name: string, known: readonly string[]): SearchRefusal {
  const shown = /^[\w.:-]{1,60}$/.test(name) ? name : 'its name';
  return refused(
    'processing',
    `Unknown search parameter "${shown}" for resource type "${type}". Valid search parameters for this search are: [${known.join(', ')}]`,
  );
}

function refused(code: string, text: string): SearchRefusal {
  return new SearchRefusal(400, code, text);
}
