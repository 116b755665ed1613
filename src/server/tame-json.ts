/** Answers are JSON from elsewhere: what could overflow a recursive walk or poison a prototype is refused here, once. */

/** Deepest nesting accepted; the deepest FHIR resources we know of stay below 30. */
const deepest = 100;

/** True when `value` nests no deeper than 100 and has no `__proto__` key. Walks without recursion. */
export function isTame(value: unknown): boolean {
  const stack: { value: unknown; depth: number }[] = [{ value, depth: 0 }];
  for (let next = stack.pop(); next; next = stack.pop()) {
    if (typeof next.value !== 'object' || next.value === null) continue;
    if (next.depth > deepest || Object.hasOwn(next.value, '__proto__')) return false;
    for (const child of Object.values(next.value) as unknown[])
      stack.push({ value: child, depth: next.depth + 1 });
  }
  return true;
}
