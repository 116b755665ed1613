/** Does this value come from this rule, and what does it say of the record? What is learnt goes to the draft. */
import { parseKeyReference } from '../../fhir/references.ts';
import type { Json } from '../../fhir/types.ts';
import { isObject } from '../compilation.ts';
import { pointerOf, type Scope } from './draft.ts';
import { matchList } from './match-list.ts';
import { matchReference } from './match-reference.ts';
import { attempt, bind, bindTemplate, type Matching } from './matching.ts';
import { same } from './same.ts';
import type { Inverse, Shape } from './shape.ts';
import { suppose } from './suppose.ts';

/** On false the caller takes back what was learnt on the way. */
export function match(m: Matching, shape: Shape, value: unknown, scope: Scope): boolean {
  switch (shape.kind) {
    case 'constant':
      return same(shape.value, value);
    case 'current':
      return typeof value === 'boolean';
    case 'list':
      return Array.isArray(value) && matchList(m, shape.items, value, scope) === value.length;
    case 'object':
      return matchObject(m, shape.elements, value, scope);
    case 'path':
      return bind(m, pointerOf(scope, shape.path), undo(shape.inverses, value));
    case 'template':
      return undo(shape.inverses, value).some(
        (text) => typeof text === 'string' && attempt(m, () => bindTemplate(m, scope, shape.template, text)),
      );
    case 'reference': {
      const reference = isObject(value) ? value['reference'] : undefined;
      const target = typeof reference === 'string' ? parseKeyReference(reference) : undefined;
      return target !== undefined && matchReference(m, shape, target, scope);
    }
    case 'guarded':
      return match(m, shape.body, value, scope) && suppose(m.draft, scope, shape.when, true);
    case 'first':
      return matchFirst(m, shape.choices, value, scope);
    case 'repeat':
      return Array.isArray(value) && matchList(m, [shape], value, scope) === value.length;
  }
}

function undo(inverses: readonly Inverse[], value: unknown): readonly Json[] {
  let values: readonly unknown[] = [value];
  for (const inverse of inverses) values = values.flatMap((one) => inverse(one));
  return values.filter((one): one is Json => typeof one !== 'object' && one !== undefined);
}

function matchObject(
  m: Matching,
  elements: ReadonlyMap<string, Shape>,
  value: unknown,
  scope: Scope,
): boolean {
  if (!isObject(value)) return false;
  for (const [name, shape] of elements) {
    if (!(name in value)) {
      if (shape.kind === 'constant' && !m.lenient) return false;
    } else if (!match(m, shape, value[name], scope)) return false;
  }
  return m.lenient || Object.keys(value).every((name) => elements.has(name));
}

/** The choice that supposes least of the record; those before it must have had nothing to write. */
function matchFirst(m: Matching, choices: readonly Shape[], value: unknown, scope: Scope): boolean {
  const possible: { index: number; learnt: number }[] = [];
  const choose = (index: number): boolean =>
    match(m, choices[index]!, value, scope) &&
    choices
      .slice(0, index)
      .every((one) => one.kind !== 'guarded' || suppose(m.draft, scope, one.when, false));
  for (const index of choices.keys()) {
    const { learnt } = m.draft;
    const mark = m.draft.mark();
    if (choose(index)) possible.push({ index, learnt: m.draft.learnt - learnt });
    m.draft.undo(mark);
  }
  const least = Math.min(...possible.map(({ learnt }) => learnt));
  const best = possible.filter(({ learnt }) => learnt === least);
  if (!best.length) return false;
  if (best.length > 1 && least > 0 && m.courage < 2) m.later = true;
  return choose(best[0]!.index);
}
