/** Objects of elements: their own, those of fragments (`$use`), under a condition (`$when`). */
import type { Json, JsonObject } from '../fhir/types.ts';
import { below, type Compilation, type Loop, type Place, refuse, ruleName, textOf } from './compilation.ts';
import { compileCondition } from './conditions.ts';
import { type Compiled, constantsOf, settle, step } from './compiled.ts';
import type { Evaluate, Run } from './run.ts';

/** Elements of an object, each with its place: its own and those of the fragments it uses. */
export type Elements = ReadonlyMap<string, Place>;

export function compileObject(
  compilation: Compilation,
  place: Place<JsonObject>,
  loops: readonly Loop[],
): Compiled {
  const body = compileElements(compilation, elementsOf(compilation, place), loops);
  if (!('$when' in place.node)) return body;
  const when = compileCondition(compilation, below(place, '$when'), loops);
  return { ...body, constant: false, evaluate: (run) => (when(run) ? body.evaluate(run) : undefined) };
}

/** Elements written twice and unknown fragments are refused; that no fragment leads back to itself was checked before. */
export function elementsOf(compilation: Compilation, place: Place<JsonObject>): Elements {
  const elements = new Map<string, Place>();
  collect(compilation, place, elements);
  return elements;
}

function collect(compilation: Compilation, place: Place<JsonObject>, elements: Map<string, Place>): void {
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
    else collect(compilation, fragment, elements);
  }
}

/** Without evidence of the record in it, an object is not written. */
function compileElements(compilation: Compilation, elements: Elements, loops: readonly Loop[]): Compiled {
  const { write, parts } = compileWriter(compilation, elements, loops);
  const needsEvidence = parts.some((part) => part.evidence);
  const evaluate: Evaluate = (run) => {
    const object: JsonObject = {};
    const mark = run.trace?.mark();
    const written = write(run, object);
    if (written === 'evidence' || (written === 'constants' && !needsEvidence)) return object;
    if (mark !== undefined) run.trace?.takeBack(mark);
    return undefined;
  };
  return settle(evaluate, parts);
}

/** What was written: something the record says, constants only, or nothing. */
export type Written = 'evidence' | 'constants' | undefined;

/** Writes elements into an object, in their order; absent values are left out. */
export type Writer = {
  write: (run: Run, object: JsonObject) => Written;
  parts: readonly Compiled[];
};

export function compileWriter(compilation: Compilation, elements: Elements, loops: readonly Loop[]): Writer {
  const names = [...elements.keys()];
  const parts = [...elements.values()].map((place) => compilation.expression(compilation, place, loops));
  // Arrays of one kind each: this loop runs once for every object of every resource.
  const fixed = constantsOf(parts);
  const evaluates = parts.map((part) => part.evaluate);
  const evidence = parts.map((part) => part.evidence);
  const write: Writer['write'] = (run, object) => {
    const traced = run.trace !== undefined;
    let written: Written;
    for (let index = 0; index < parts.length; index += 1) {
      const value = traced
        ? step(run, parts[index]!, `.${names[index]!}`)
        : (fixed[index] ?? evaluates[index]!(run));
      if (value === undefined) continue;
      object[names[index]!] = value as Json;
      if (evidence[index]) written = 'evidence';
      else written ??= 'constants';
    }
    return written;
  };
  return { write, parts };
}
