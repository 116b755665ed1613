/** Rules of a network kind applied to a network. What a rule means: mappings/rules.schema.json. */
import type { Issue } from '../fhir/issue.ts';
import type { Json, JsonObject } from '../fhir/types.ts';
import { textOf } from '../mapping/compilation.ts';
import { locate } from '../mapping/locate.ts';
import { quoted } from './fault.ts';
import { endField, isFilled, isInForce, itemsAt, repeated, startField, valueAt } from './items.ts';
import { matches, matchesOne } from './matches.ts';
import { used, within } from './membership-rules.ts';
import type { Network } from './network.ts';
import { isBefore } from './partial-date.ts';
import { placeBreaches } from './place-rules.ts';
import type { Places } from './places.ts';
import { apart, excludes, noCircle, notBefore, notOver, sameAs, seated } from './relation-rules.ts';
import type { Rule } from './rule.ts';
import type { Check } from './rule-check.ts';
import { ratio, represented } from './share-rules.ts';

/** `places`: what is known of regions and départements; rules between networks are for `check-together.ts`. */
export function ruleIssues(network: Network, rules: readonly Rule[], at: string, places?: Places): Issue[] {
  return rules.flatMap((rule) => {
    const check = checks[rule.rule] as Check<Rule['rule']>;
    const breaches =
      rule.rule === 'places' ? placeBreaches(network.data, rule, places) : check(network.data, rule, at);
    return breaches.map(({ pointer, value }): Issue => ({
      severity: rule.severity ?? 'error',
      code: 'business-rule',
      message: rule.message.replaceAll('{value}', () => quoted(value ?? '')),
      source: locate(network, pointer),
      rule: rule.id,
    }));
  });
}

const checks: { readonly [Name in Rule['rule']]: Check<Name> } = {
  'at-least': (data, { list, min, where = {}, has = [], unless, when }, at) => {
    if (when && !itemsAt(data, when.list).some(({ value }) => matches(value, when.where))) return [];
    const count = itemsAt(data, list).filter(
      ({ value }) =>
        isInForce(value, at) &&
        matches(value, where) &&
        has.every((field) => value[field] !== undefined) &&
        !(unless && matchesOne(value, unless)),
    ).length;
    return count < min ? [{ pointer: `/${list}` }] : [];
  },

  'one-of': (data, { fields }) =>
    fields.some((field) => isFilled(valueAt(data, field))) ? [] : [{ pointer: `/${fields[0]}` }],

  'in-order': (data, { list, by }) => {
    let latest = '';
    return itemsAt(data, list).flatMap(({ pointer, value }) => {
      const date = value[by];
      if (typeof date !== 'string') return [];
      if (date < latest.slice(0, date.length)) return [{ pointer: `${pointer}/${by}`, value: date }];
      latest = date;
      return [];
    });
  },

  sequence: (data, { list, by, order }) => {
    let last = -1;
    return itemsAt(data, list).flatMap(({ pointer, value }) => {
      const rank = order.indexOf(textOf(value[by]));
      if (rank < 0) return [];
      if (rank <= last) return [{ pointer: `${pointer}/${by}`, value: value[by] }];
      last = rank;
      return [];
    });
  },

  'one-at-a-time': (data, { list, by }) => {
    const items = itemsAt(data, list);
    const several = repeated(items, by);
    const seen = new Map<Json, JsonObject[]>();
    return items.flatMap(({ pointer, value }) => {
      const key = value[by];
      if (key === undefined || !several(key)) return [];
      const others = seen.get(key) ?? [];
      const clash = others.some((other) => overlap(other, value));
      others.push(value);
      seen.set(key, others);
      return clash ? [{ pointer: `${pointer}/${by}`, value: key }] : [];
    });
  },

  'refers-back': (data, { list, by }) => {
    const items = itemsAt(data, list);
    const named = new Set(items.flatMap(({ value }) => (value[by] === undefined ? [] : [value[by]])));
    const places = new Map<Json | undefined, number>();
    for (const [index, { value }] of items.entries())
      if (named.has(value['id'] ?? '') && !places.has(value['id'])) places.set(value['id'], index);
    return items.flatMap(({ pointer, value }, index) => {
      const place = value[by] === undefined ? undefined : places.get(value[by]);
      return place !== undefined && place >= index ? [{ pointer: `${pointer}/${by}`, value: value[by] }] : [];
    });
  },

  requires: (data, { list, has = [], where = {}, field }) =>
    itemsAt(data, list).flatMap(({ pointer, value }) =>
      has.every((one) => value[one] !== undefined) && matches(value, where) && !isFilled(value[field])
        ? [{ pointer }]
        : [],
    ),

  'no-circle': noCircle,
  apart,
  excludes,
  'not-before': notBefore,
  'not-over': notOver,
  'same-as': sameAs,
  seated,
  within,
  used,
  represented,
  ratio,
  places: () => [],
  'territories-apart': () => [],
  'region-covered': () => [],
};

/** Some day belongs to both periods; open ends go on for ever. */
function overlap(a: JsonObject, b: JsonObject): boolean {
  return !isBefore(a[endField], b[startField]) && !isBefore(b[endField], a[startField]);
}
