/** Compiles what stands at an element of a mapping: a constant, a list, a rule (`$path` …) or an object of elements. */
import type { Json, JsonObject } from '../fhir/types.ts';
import { withBase } from './code-tables.ts';
import { below, type Compilation, isObject, type Loop, type Place, ruleName } from './compilation.ts';
import { type Compiled, constant, settle, step } from './compiled.ts';
import { compileRepeat } from './loops.ts';
import { compileObject } from './objects.ts';
import { compileRule, isRule } from './rules.ts';
import type { Evaluate, Run } from './run.ts';

/** Compiles one node whose form the schema has checked. */
export function compileExpression(compilation: Compilation, place: Place, loops: readonly Loop[]): Compiled {
  const { node } = place;
  if (Array.isArray(node)) return compileList(compilation, place as Place<Json[]>, loops);
  if (!isObject(node)) return constant(typeof node === 'string' ? withBase(node) : node, ruleName(place));
  const here = place as Place<JsonObject>;
  return '$for' in node
    ? compileRepeat(compilation, here, loops, compileBody)
    : compileBody(compilation, here, loops);
}

/** An object as a rule or as elements, whatever loop it stands in. */
function compileBody(compilation: Compilation, here: Place<JsonObject>, loops: readonly Loop[]): Compiled {
  return isRule(here.node) ? compileRule(compilation, here, loops) : compileObject(compilation, here, loops);
}

/** A list writes its items one after the other; an item that is a list itself (a loop) is laid out in it. */
function compileList(compilation: Compilation, place: Place<Json[]>, loops: readonly Loop[]): Compiled {
  const items = place.node.map((_, index) => compileExpression(compilation, below(place, index), loops));
  const evaluate: Evaluate = (run) => {
    const list: unknown[] = [];
    for (const item of items) {
      const value = item.spreads ? spread(run, item, list.length) : step(run, item, `[${list.length}]`);
      if (Array.isArray(value)) for (const one of value) list.push(one);
      else if (value !== undefined) list.push(value);
    }
    return list.length ? list : undefined;
  };
  return settle(evaluate, items);
}

/** A loop numbers its items itself, from where the list around it has got to. */
function spread(run: Run, loop: Compiled, offset: number): unknown {
  if (run.trace) run.trace.offset = offset;
  return loop.evaluate(run);
}
