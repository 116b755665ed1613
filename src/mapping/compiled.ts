/** A compiled expression, and how expressions are put together. */
import { frozen } from './frozen.ts';
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

/** An expression that is the same for every record. */
export function constant(value: unknown, rule: string): Compiled {
  frozen(value);
  const evaluate: Evaluate = (run) => {
    run.trace?.note(rule, '');
    return value;
  };
  return { evaluate, constant: true, evidence: false };
}

/** Evaluates an expression as the element or item of that name. */
export function step(run: Run, part: Compiled, name: string): unknown {
  if (!run.trace) return part.evaluate(run);
  run.trace.enter(name);
  const value = part.evaluate(run);
  run.trace.leave();
  return value;
}

/** A run in which constants can be asked for their value while a mapping is compiled. */
const noRun: Run = {
  ...{ at: '', issues: [], trace: undefined, slots: [], indexes: [], targets: [], turns: 0, key: '' },
  record: { file: '', kind: '', id: '', name: '', data: {}, positionOf: () => undefined },
};

/** The values of those parts that are constants, known without any record; undefined in the place of all others. */
export function constantsOf(parts: readonly Compiled[]): readonly unknown[] {
  return parts.map((part) => (part.constant ? frozen(part.evaluate(noRun)) : undefined));
}

/** Writes the values of its items one after the other; an item that is a list itself (a loop) is laid out in it. */
export function sequence(items: readonly Compiled[]): Compiled {
  const fixed = constantsOf(items);
  const evaluates = items.map((item) => item.evaluate);
  const evaluate: Evaluate = (run) => {
    if (run.trace) return traced(run);
    const list: unknown[] = [];
    for (let index = 0; index < evaluates.length; index += 1) {
      const value = fixed[index] ?? evaluates[index]!(run);
      if (value !== undefined) add(list, value);
    }
    if (!list.length) return undefined;
    return list;
  };
  const traced = (run: Run): unknown => {
    const list: unknown[] = [];
    for (const item of items) {
      const mark = run.trace?.mark() ?? 0;
      const value = item.spreads ? spread(run, item, list.length) : step(run, item, `[${list.length}]`);
      if (Array.isArray(value) && !item.spreads) run.trace?.fanOut(mark, list.length, value.length);
      if (value !== undefined) add(list, value);
    }
    return list.length ? list : undefined;
  };
  return settle(evaluate, items);
}

function add(list: unknown[], value: unknown): void {
  if (!Array.isArray(value)) list.push(value);
  else for (const one of value) list.push(one);
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
