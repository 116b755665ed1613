import type { Field, Fields } from '../mapping/reverse/fields.ts';
import type { Shape } from './shape.ts';

const unknown: Field = { list: false, names: [], required: new Set() };

/** The fields of a kind as reading FHIR back asks for them. */
export function fieldsOf(shape: Shape): Fields {
  const known = new Map<string, Field>();
  return (steps) => {
    const name = steps.join('.');
    let field = known.get(name);
    if (!field) known.set(name, (field = fieldAt(shape, steps)));
    return field;
  };
}

function fieldAt(shape: Shape, steps: readonly string[]): Field {
  let at: Shape | undefined = shape;
  for (const step of steps) at = (at?.item ?? at)?.fields.get(step);
  if (!at) return unknown;
  const inner = at.item ?? at;
  return {
    list: at.type === 'list',
    names: [...inner.fields.keys()],
    required: inner.required,
    ...(inner.words ? { values: inner.words } : {}),
    ...(inner.pattern === undefined ? {} : { pattern: new RegExp(inner.pattern, 'u') }),
  };
}
