/** Compiles what stands at an element of a mapping: a constant, a list, a rule (`$path` …) or an object of elements. */
import type { Json, JsonObject } from '../fhir/types.ts';
import { withBase } from './code-tables.ts';
import { below, type Compilation, frozen, isObject, type Loop, type Place, ruleName } from './compilation.ts';
import { compileRepeat } from './loops.ts';
import { compileObject } from './objects.ts';
import { compileRule, isRule } from './rules.ts';
import type { Evaluate, Run } from './run.ts';

export type Compiled = {
  evaluate: Evaluate;
  /** The same for every record: evaluated once, shared, frozen. */
  constant: boolean;
  /** Its presence says something of the record: an object without any evidence is not written. */
  evidence: boolean;
  /** It writes a list that is laid out in the list around it. */
  spreads?: boolean;
};

/** Compiles one node whose form the schema has checked. */
export function compileExpression(compilation: Compilation, place: Place, loops: readonly Loop[]): Compiled {
  const { node } = place;
  if (Array.isArray(node)) return compileList(compilation, place as Place<Json[]>, loops);
  if (!isObject(node)) return constant(typeof node === 'string' ? withBase(node) : node, ruleName(place));
  const here = place as Place<JsonObject>;
  return '$for' in node ? compileRepeat(compilation, here, loops) : compileBody(compilation, here, loops);
}

/** An object as a rule or as elements, whatever loop it stands in. */
export function compileBody(
  compilation: Compilation,
  here: Place<JsonObject>,
  loops: readonly Loop[],
): Compiled {
  return isRule(here.node) ? compileRule(compilation, here, loops) : compileObject(compilation, here, loops);
}

/** An expression that is the same for every record. */
export function constant(value: unknown, rule: string): Compiled {
  frozen(value);
  const evaluate: Evaluate = (run) => {
    run.trace?.note(rule, '');
    return value;
  };
  return { evaluate, constant: true, evidence: false };
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

/** Evaluates an expression as the element or item of that name. */
export function step(run: Run, part: Compiled, name: string): unknown {
  if (!run.trace) return part.evaluate(run);
  run.trace.enter(name);
  const value = part.evaluate(run);
  run.trace.leave();
  return value;
}

/** A loop numbers its items itself, from where the list around it has got to. */
function spread(run: Run, loop: Compiled, offset: number): unknown {
  if (run.trace) run.trace.offset = offset;
  return loop.evaluate(run);
}

/** Evaluates once what consists of constants only; a trace still visits the parts. */
export function settle(evaluate: Evaluate, parts: readonly Compiled[]): Compiled {
  const evidence = parts.some((part) => part.evidence);
  if (!parts.every((part) => part.constant)) return { evaluate, constant: false, evidence };
  let once: unknown;
  return {
    evaluate: (run) => (run.trace ? evaluate(run) : (once ??= frozen(evaluate(run)))),
    constant: true,
    evidence,
  };
}
