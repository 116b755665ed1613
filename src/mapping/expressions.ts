/** Compiles what stands at an element of a mapping: a constant, a list, a rule (`$path` …) or an object of elements. */
import type { Json, JsonObject } from '../fhir/types.ts';
import { withBase } from './code-tables.ts';
import { below, type Compilation, isObject, type Loop, type Place, ruleName } from './compilation.ts';
import { type Compiled, constant, sequence } from './compiled.ts';
import { compileRepeat } from './loops.ts';
import { compileObject } from './objects.ts';
import { compileRule, isRule } from './rules.ts';

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

function compileList(compilation: Compilation, place: Place<Json[]>, loops: readonly Loop[]): Compiled {
  return sequence(place.node.map((_, index) => compileExpression(compilation, below(place, index), loops)));
}
