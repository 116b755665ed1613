/** Objects of elements: plain, under a condition (`$when`), once for each item of a list (`$for`), with fragments (`$use`). */
import type { Json, JsonObject } from '../fhir/types.ts';
import { below, type Compilation, type Loop, type Place, refuse, ruleName, textOf } from './compilation.ts';
import { type Condition, compileCondition, pathAt } from './conditions.ts';
import { type Compiled, compileExpression, settle, step } from './expressions.ts';
import { reportAt } from './report.ts';
import type { Evaluate, Run } from './run.ts';

/** Elements of an object, each with its place: its own and those of the fragments it uses. */
type Elements = Map<string, Place>;

export function compileObject(
  compilation: Compilation,
  place: Place<JsonObject>,
  loops: readonly Loop[],
): Compiled {
  const loop = '$for' in place.node ? compileLoop(compilation, place, loops) : undefined;
  if ('$for' in place.node && !loop) return { evaluate: () => undefined, constant: false, evidence: true };
  const inner = loop ? [...loops, loop] : loops;
  const when =
    '$when' in place.node ? compileCondition(compilation, below(place, '$when'), inner) : undefined;
  const elements: Elements = new Map();
  collect(compilation, place, elements, []);
  const body = compileElements(compilation, elements, inner);
  if (loop) return repeat(loop, loops.length, when, body);
  if (!when) return body;
  return { ...body, constant: false, evaluate: (run) => (when(run) ? body.evaluate(run) : undefined) };
}

/** The loop a node opens (`$for` and `$as`, or `forEach` and `as` of a resource). */
export function compileLoop(
  compilation: Compilation,
  place: Place<JsonObject>,
  loops: readonly Loop[],
  names: { list: string; item: string } = { list: '$for', item: '$as' },
): Loop | undefined {
  const list = pathAt(compilation, below(place, names.list), loops);
  const name = textOf(place.node[names.item]);
  if (loops.some((outer) => outer.name === name)) {
    refuse(
      compilation,
      below(place, names.item),
      'duplicate',
      `Une boucle extérieure s'appelle déjà « ${name} ».`,
    );
    return undefined;
  }
  return list && { name, list };
}

/** The items a loop runs over; anything but a list is a fault of the record. */
export function itemsOf(run: Run, loop: Loop): readonly Json[] {
  const list = loop.list.read(run);
  if (list === undefined) return [];
  if (Array.isArray(list)) return list;
  reportAt(run, loop.list.pointer(run), 'structure', `Une liste est attendue (${loop.list.text}).`);
  return [];
}

function collect(
  compilation: Compilation,
  place: Place<JsonObject>,
  elements: Elements,
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

function compileElements(compilation: Compilation, elements: Elements, loops: readonly Loop[]): Compiled {
  const parts = [...elements].map(([name, place]) => ({
    name,
    path: `.${name}`,
    ...compileExpression(compilation, place, loops),
  }));
  const needsEvidence = parts.some((part) => part.evidence);
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

function repeat(loop: Loop, slot: number, when: Condition | undefined, body: Compiled): Compiled {
  const evaluate: Evaluate = (run) => {
    const items = itemsOf(run, loop);
    const offset = run.trace?.offset ?? 0;
    if (run.trace) run.trace.offset = 0;
    const list: unknown[] = [];
    for (let index = 0; index < items.length; index += 1) {
      run.slots[slot] = items[index];
      run.indexes[slot] = index;
      if (when && !when(run)) continue;
      const value = step(run, body, `[${offset + list.length}]`);
      if (value !== undefined) list.push(value);
    }
    return list.length ? list : undefined;
  };
  return { evaluate, constant: false, evidence: true, spreads: true };
}
