/** Objects of elements: their own, those of fragments (`$use`), under a condition (`$when`). */
import type { Json, JsonObject } from '../fhir/types.ts';
import { below, type Compilation, type Loop, type Place, refuse, ruleName, textOf } from './compilation.ts';
import { compileCondition } from './conditions.ts';
import { type Compiled, settle, step } from './compiled.ts';
import type { Evaluate } from './run.ts';

/** Elements of an object, each with its place: its own and those of the fragments it uses. */
type Elements = ReadonlyMap<string, Place>;

/** `always`: written even when no rule of it yields anything, as a resource is once its key is known. */
export function compileObject(
  compilation: Compilation,
  place: Place<JsonObject>,
  loops: readonly Loop[],
  always = false,
): Compiled {
  const body = compileElements(compilation, elementsOf(compilation, place), loops, always);
  if (!('$when' in place.node)) return body;
  const when = compileCondition(compilation, below(place, '$when'), loops);
  return { ...body, constant: false, evaluate: (run) => (when(run) ? body.evaluate(run) : undefined) };
}

/** Elements written twice, unknown fragments and fragments that use each other in a circle are refused. */
export function elementsOf(compilation: Compilation, place: Place<JsonObject>): Elements {
  const elements = new Map<string, Place>();
  collect(compilation, place, elements, []);
  return elements;
}

function collect(
  compilation: Compilation,
  place: Place<JsonObject>,
  elements: Map<string, Place>,
  using: readonly string[],
): void {
  for (const name of Object.keys(place.node)) {
    if (name.startsWith('$')) continue;
    const element = below(place, name);
    const other = elements.get(name);
    if (other) {
      const message = `Deux règles écrivent l'élément « ${name} » : l'autre est en ${ruleName(other)}.`;
      refuse(compilation, element, 'duplicate', message);
    } else elements.set(name, element);
  }
  if (!('$use' in place.node)) return;
  const uses = below(place, '$use') as Place<Json[]>;
  for (const [index, node] of uses.node.entries()) {
    const name = textOf(node);
    const fragment = compilation.fragments.get(name);
    const here = below(uses, index);
    if (!fragment) refuse(compilation, here, 'not-found', `Le fragment « ${name} » n'existe pas.`);
    else if (using.includes(name)) {
      const message = `Boucle sans fin : ${[...using, name].join(' → ')}.`;
      refuse(compilation, here, 'invariant', message);
    } else collect(compilation, fragment, elements, [...using, name]);
  }
}

function compileElements(
  compilation: Compilation,
  elements: Elements,
  loops: readonly Loop[],
  always: boolean,
): Compiled {
  const parts = [...elements].map(([name, place]) => ({
    name,
    path: `.${name}`,
    ...compilation.expression(compilation, place, loops),
  }));
  const needsEvidence = !always && parts.some((part) => part.evidence);
  const evaluate: Evaluate = (run) => {
    const object: JsonObject = {};
    const mark = run.trace?.mark();
    let written = false;
    for (const part of parts) {
      const value = step(run, part, part.path);
      if (value === undefined) continue;
      object[part.name] = value as Json;
      if (part.evidence || !needsEvidence) written = true;
    }
    if (written) return object;
    if (mark !== undefined) run.trace?.takeBack(mark);
    return undefined;
  };
  return settle(evaluate, parts);
}
