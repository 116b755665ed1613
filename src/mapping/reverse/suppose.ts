/** Conditions read backwards: what must be so of the record for a part to have been written, or not. */
import { type Draft, pointerOf, type Scope } from './draft.ts';
import type { Condition, Shape } from './shape.ts';

/** Whether a condition holds of what is known; undefined when that does not say. */
export function holds(draft: Draft, scope: Scope, condition: Condition): boolean | undefined {
  switch (condition.kind) {
    case 'current':
      return undefined;
    case 'not': {
      const part = holds(draft, scope, condition.part);
      return part === undefined ? undefined : !part;
    }
    case 'all':
    case 'any': {
      const decisive = condition.kind === 'any';
      const parts = condition.parts.map((part) => holds(draft, scope, part));
      if (parts.includes(decisive)) return decisive;
      return parts.includes(undefined) ? undefined : !decisive;
    }
    case 'exists':
      return isThere(draft, pointerOf(scope, condition.path)) ? true : undefined;
    case 'in':
      return undefined;
    case 'is': {
      const values = draft.slots.get(pointerOf(scope, condition.path));
      if (!values) return undefined;
      const fit = values.filter((value) => condition.values.includes(value)).length;
      return fit === values.length ? true : fit === 0 ? false : undefined;
    }
  }
}

/** Takes a condition for true or false and learns from it; false when that cannot be. */
export function suppose(draft: Draft, scope: Scope, condition: Condition, truth: boolean): boolean {
  const known = holds(draft, scope, condition);
  if (known !== undefined) return known === truth;
  switch (condition.kind) {
    case 'not':
      return suppose(draft, scope, condition.part, !truth);
    case 'all':
    case 'any': {
      const everyOne = (condition.kind === 'all') === truth;
      if (everyOne) return condition.parts.every((part) => suppose(draft, scope, part, truth));
      const open = condition.parts.filter((part) => holds(draft, scope, part) === undefined);
      return open.length !== 1 || suppose(draft, scope, open[0]!, truth);
    }
    case 'is': {
      const pointer = pointerOf(scope, condition.path);
      if (truth) return draft.narrow(pointer, condition.values);
      const values = draft.slots.get(pointer);
      return (
        !values ||
        draft.narrow(
          pointer,
          values.filter((value) => !condition.values.includes(value)),
        )
      );
    }
    case 'in': {
      const value = draft.value(pointerOf(scope, condition.path));
      if (truth && value !== undefined) draft.addMember(pointerOf(scope, condition.list), value);
      return true;
    }
    case 'exists':
    case 'current':
      return true;
  }
}

/** What is not there although nothing but a condition could keep it from being written: the condition did not hold. */
export function supposeAbsent(draft: Draft, scope: Scope, shape: Shape): void {
  if (shape.kind !== 'guarded' || !isConstant(shape.body)) return;
  const mark = draft.mark();
  if (!suppose(draft, scope, shape.when, false)) draft.undo(mark);
}

function isConstant(shape: Shape): boolean {
  if (shape.kind === 'object') return [...shape.elements.values()].every(isConstant);
  return shape.kind === 'list' ? shape.items.every(isConstant) : shape.kind === 'constant';
}

function isThere(draft: Draft, pointer: string): boolean {
  return draft.slots.has(pointer) || (draft.counts.get(pointer) ?? 0) > 0;
}
