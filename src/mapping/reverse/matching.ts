/** What every part of reading back works with, and the two things it does most: bind a field, read a template. */
import type { Json } from '../../fhir/types.ts';
import { textOf } from '../compilation.ts';
import { type Draft, pointerOf, type Scope, stepsOf } from './draft.ts';
import type { Field, Fields } from './fields.ts';
import type { FieldPath, RuleShape, Shape, TemplateShape } from './shape.ts';

/** How the items of a list are told apart: by this field, which the keys of these rules name. */
export type Identity = { field: string; namedBy: ReadonlySet<string> };

/**
 * How much may be guessed. 0: nothing. 1: which item a reference means, from what items stand for; which item of a list
 * a part belongs to, from its order. 2: the choice that supposes least.
 */
export type Courage = 0 | 1 | 2;

export type Matching = {
  readonly draft: Draft;
  readonly fields: Fields;
  readonly rules: ReadonlyMap<string, RuleShape>;
  /** `match` of match.ts; lists call it for their items. */
  readonly match: (m: Matching, shape: Shape, value: unknown, scope: Scope) => boolean;
  /** By pointer of the list. */
  readonly identities: ReadonlyMap<string, Identity>;
  /** By `type key`, where a key fits several rules: those that explain the resource best. */
  plausible: ReadonlyMap<string, ReadonlySet<string>>;
  courage: Courage;
  /** Set when something was left open that more courage would decide: the element is to be read again later. */
  later: boolean;
  /** Elements no rule writes are passed over instead of speaking against a rule. */
  lenient: boolean;
};

/** Tries; takes back on false. */
export function attempt(m: Matching, match: () => boolean): boolean {
  const mark = m.draft.mark();
  if (match()) return true;
  m.draft.undo(mark);
  return false;
}

export function fieldAt(m: Matching, pointer: string): Field {
  return m.fields(stepsOf(pointer));
}

/** A field has one of these values, as far as its schema allows them. */
export function bind(m: Matching, pointer: string, values: readonly Json[]): boolean {
  const { values: closed, pattern } = fieldAt(m, pointer);
  const fit = values.filter(
    (value) =>
      (!closed || closed.includes(value)) && (!pattern || typeof value !== 'string' || pattern.test(value)),
  );
  return fit.length > 0 && m.draft.narrow(pointer, fit);
}

/** Binds the fields a text was made of; false when the template cannot have made it. */
export function bindTemplate(m: Matching, scope: Scope, template: TemplateShape, text: string): boolean {
  const found = readTemplate(m, scope, template, text);
  return found !== undefined && found.every(({ path, value }) => bind(m, pointerOf(scope, path), [value]));
}

/** The fields a text was made of; what is known already stands as it is. */
export function readTemplate(
  m: Matching,
  scope: Scope,
  { texts, paths }: TemplateShape,
  text: string,
): { path: FieldPath; value: string }[] | undefined {
  const known = paths.map((path) => m.draft.value(pointerOf(scope, path)));
  const pattern = paths.map((_, index) => {
    const value = known[index];
    return (value === undefined ? '([^/]+)' : `(${escaped(textOf(value))})`) + escaped(texts[index + 1]!);
  });
  const match =
    new RegExp(`^${escaped(texts[0]!)}${pattern.join('')}$`, 'su').exec(text) ??
    new RegExp(`^${escaped(texts[0]!)}${pattern.join('').replaceAll('([^/]+)', '(.+)')}$`, 'su').exec(text);
  return match ? paths.map((path, index) => ({ path, value: match[index + 1]! })) : undefined;
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
