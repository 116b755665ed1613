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

/** Goes no deeper than is accepted, so that the walk itself overflows nothing. `room`: levels left. */
function isShallow(value: object, room = deepest): boolean {
  if (room < 0) return false;
  for (const name in value) {
    const child = (value as Record<string, unknown>)[name];
    if (typeof child === 'object' && child !== null && !isShallow(child, room - 1)) return false;
  }
  return true;
}
