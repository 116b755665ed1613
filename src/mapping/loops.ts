/** Loops: an object or a rule once for each item of a list (`$for`, `$as`), a resource once for each (`forEach`, `as`). */
import type { Json, JsonObject } from '../fhir/types.ts';
import { below, type Compilation, type Loop, type Place, refuse, textOf } from './compilation.ts';
import { pathAt } from './conditions.ts';
import { type Compiled, step } from './compiled.ts';
import { reportAt } from './report.ts';
import type { Evaluate, Run } from './run.ts';

/** What stands beside `$for`, once for each item; its values are laid out in the list around it. */
export function compileRepeat(
  compilation: Compilation,
  place: Place<JsonObject>,
  loops: readonly Loop[],
  compileBody: (compilation: Compilation, here: Place<JsonObject>, loops: readonly Loop[]) => Compiled,
): Compiled {
  const loop = compileLoop(compilation, place, loops);
  const body = compileBody(compilation, place, loop ? [...loops, loop] : loops);
  const evaluate = loop ? repeat(loop, loops.length, body) : () => undefined;
  return { evaluate, constant: false, evidence: true, spreads: true };
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

/** Loops in loops multiply: a record that asks for more turns than this is told so instead of mapped for hours. */
export const maxTurns = 2_000_000;

function tooMany({ list }: Loop): string {
  return `Trop de tours de boucle pour un réseau (plus de ${maxTurns}) : une liste plus courte est attendue (${list.text}).`;
}

function repeat(loop: Loop, slot: number, body: Compiled): Evaluate {
  return (run) => {
    const items = itemsOf(run, loop);
    const offset = run.trace?.offset ?? 0;
    if (run.trace) run.trace.offset = 0;
    const list: unknown[] = [];
    const before = run.turns;
    run.turns += items.length;
    if (run.turns > maxTurns) {
      if (before <= maxTurns) reportAt(run, loop.list.pointer(run), 'too-costly', tooMany(loop));
      return undefined;
    }
    for (let index = 0; index < items.length; index += 1) {
      run.slots[slot] = items[index];
      run.indexes[slot] = index;
      const value = step(run, body, `[${offset + list.length}]`);
      if (value !== undefined) list.push(value);
    }
    return list.length ? list : undefined;
  };
}
