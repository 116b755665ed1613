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
