/** Random boolean expressions of the FHIRPath subset that make sense on values of an R4 type. */
import fc from 'fast-check';
import type { Model } from '../../src/validation/base-schema.ts';
import { NotInSubset } from '../../src/validation/fhirpath/tokens.ts';
import { stepOf, type Types } from '../../src/validation/fhirpath/types.ts';

/** Draws a whole number below a bound. */
export type Draw = (bound: number) => number;

/** Numbers without end: one seed, one sequence. */
export const draws: fc.Arbitrary<Draw> = fc
  .infiniteStream(fc.nat())
  .map((stream) => (bound) => Number(stream.next().value) % bound);

/** An expression on a type, of some levels of nesting; `words` are texts that occur in the resources it is tried on. */
export function expressionOn(draw: Draw, type: string, model: Model, words: readonly string[]): string {
  return truth(new Set([type]), 3);

  function truth(types: Types, depth: number): string {
    const path = pathFrom(types);
    const inner = (of: Types): string => truth(of, depth - 1);
    const other = (): string => pathFrom(types).text;
    const simple: (() => string)[] = [
      () => `${path.text}.exists()`,
      () => `${path.text}.empty()`,
      () => `${path.text}.hasValue()`,
      () => `${path.text} ${pick(['=', '!='])} ${word()}`,
      () => `${path.text} ${pick(['=', '!='])} ${other()}`,
      () => `${path.text} = ${pick(['true', 'false', '1', '2'])}`,
      () => `${path.text} in (${word()} | ${word()} | ${word()})`,
      () => `${path.text} ${pick(['<', '<=', '>', '>='])} ${other()}`,
      () => `${path.text}.count() ${pick(['<', '<=', '>', '>=', '=', '!='])} ${draw(4)}`,
      () => `(${path.text}.count() + ${other()}.count()) > ${draw(4)}`,
      () => `${path.text}.first().${pick(['startsWith', 'endsWith', 'contains'])}(${word()})`,
      () => `${path.text}.${pick(['startsWith', 'contains'])}('${pick(['h', 'u', '-'])}')`,
      () => `${path.text}.matches('${pick(['^[a-z]+', '[0-9]$', '^.{1,9}$'])}')`,
      () => `${path.text}.length() ${pick(['=', '>', '<='])} ${draw(4)}`,
      () => `${path.text}.substring(${draw(4)}) = ${word()}`,
      () => `${path.text}.isDistinct()`,
      () => `(${path.text} | ${other()}).exists()`,
      () => `(${path.text} & ${other()}) != ${word()}`,
      () => `${path.text}.trace('x').exists()`,
      () => `%resource.meta.profile = ${word()}`,
      () => `%rootResource.contained.id.count() = ${draw(4)}`,
    ];
    const nested: (() => string)[] = [
      () => `${path.text}.where(${inner(path.types)}).exists()`,
      () => `${path.text}.exists(${inner(path.types)})`,
      () => `${path.text}.all(${inner(path.types)})`,
      () => `${path.text}.select(${pathFrom(path.types).text}).exists()`,
      () => `${path.text}.select($this).count() = ${draw(4)}`,
      () => `(${inner(types)}).not()`,
      ...['and', 'or', 'xor', 'implies'].map((name) => () => `(${inner(types)}) ${name} (${inner(types)})`),
    ];
    return pick(depth > 0 ? [...simple, ...nested, ...nested] : simple)();
  }

  function pick<T>(values: readonly T[]): T {
    return values[draw(values.length)]!;
  }

  function word(): string {
    return `'${pick(words).replace(/[\\']/g, '\\$&')}'`;
  }

  /** One to three names in a row that lead somewhere; `$this` where none does. */
  function pathFrom(from: Types): { text: string; types: Types } {
    const names: string[] = [];
    let types = from;
    for (let wanted = 1 + draw(3); wanted > 0; wanted -= 1) {
      const all = [...types].flatMap((type) => namesOf(type, model));
      if (!all.length) break;
      const name = pick(all);
      try {
        types = stepOf(types, name, model).types;
      } catch (error) {
        if (error instanceof NotInSubset) break;
        throw error;
      }
      names.push(name);
    }
    return { text: names.join('.') || '$this', types };
  }
}

/** Names in FHIRPath of the elements of a type: a choice by its name without `[x]`. */
function namesOf(type: string, { shapes, choices }: Model): string[] {
  const chosen = new Set(Object.values(choices[type] ?? {}).flat());
  const plain = Object.keys(shapes[type] ?? {}).filter((name) => !chosen.has(name));
  return [...plain, ...Object.keys(choices[type] ?? {})];
}
