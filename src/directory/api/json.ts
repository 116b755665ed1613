/** JSON from elsewhere: what could poison a prototype or overflow a recursive walk is refused here, once. */
import { parse } from 'secure-json-parse';

/** Deepest nesting accepted; the deepest FHIR resources we know of stay below 30. */
const deepest = 100;

/** The object that a body holds; undefined when it is no JSON object, or no tame one. */
export function parseObject(body: Buffer): Record<string, unknown> | undefined {
  try {
    const value: unknown = parse(body.toString('utf8'), null, {
      protoAction: 'error',
      constructorAction: 'error',
    });
    return isObject(value) && isShallow(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Walks without recursion. */
function isShallow(value: object): boolean {
  const stack: [object, number][] = [[value, 0]];
  for (let next = stack.pop(); next; next = stack.pop()) {
    if (next[1] > deepest) return false;
    for (const child of Object.values(next[0]) as unknown[]) {
      if (typeof child === 'object' && child !== null) stack.push([child, next[1] + 1]);
    }
  }
  return true;
}
