/** What JSON must be before any type is asked: not too deep, and nulls only where they hold a place (FHIR R4 §2.6.2.1). */
import type { Issue } from '../fhir/issue.ts';
import { expressionAt, type Place } from './place.ts';

/** Checks follow the depth of a value with their stack, some kilobytes a level. No resource of the standard comes near. */
const deepest = 64;

type JsonObject = Record<string, unknown>;

/** Issues of the form of a resource; one that is fatal forbids to look further. */
export function checkForm(resource: { resourceType: string }): Issue[] {
  const issues: Issue[] = [];
  const place: Place = [resource.resourceType];
  return object(resource, deepest) ? issues : [tooDeep];

  /** False when the value goes deeper than some levels. */
  function object(holder: JsonObject, levels: number): boolean {
    if (levels === 0) return false;
    for (const name in holder) {
      const child = holder[name];
      if (typeof child !== 'object' || child === null) continue;
      place.push(name);
      if (name.startsWith('_') && isHollow(child) && holder[name.slice(1)] === undefined) {
        issues.push(hollowAt(expressionAt([...place.slice(0, -1), name.slice(1)])));
      }
      const fits = Array.isArray(child) ? list(child, holder, name, levels - 1) : object(child as JsonObject, levels - 1); // prettier-ignore
      place.pop();
      if (!fits) return false;
    }
    return true;
  }

  function list(items: unknown[], holder: JsonObject | undefined, name: string, levels: number): boolean {
    if (levels === 0) return false;
    for (let index = 0; index < items.length; index += 1) {
      const item = items[index];
      if (typeof item !== 'object') continue;
      place.push(index);
      const fits =
        item === null
          ? nothing(holder, name, index)
          : Array.isArray(item)
            ? list(item, undefined, '', levels - 1)
            : twin(item as JsonObject, holder, name, index) && object(item as JsonObject, levels - 1);
      place.pop();
      if (!fits) return false;
    }
    return true;
  }

  /** An object in a list of `_` twins, where the other list may have the value. */
  function twin(item: JsonObject, holder: JsonObject | undefined, name: string, index: number): true {
    if (!name.startsWith('_') || !isHollow(item)) return true;
    const values = holder?.[name.slice(1)];
    const value: unknown = Array.isArray(values) ? values[index] : undefined;
    if (value === undefined || value === null) issues.push(hollowAt(expressionAt([...place.slice(0, -2), name.slice(1), index])));
    return true;
  } // prettier-ignore

  /** A null in a list of primitives or of their `_` twins, where the other list may have something. */
  function nothing(holder: JsonObject | undefined, name: string, index: number): true {
    const twin = holder?.[name.startsWith('_') ? name.slice(1) : `_${name}`];
    const other: unknown = Array.isArray(twin) ? twin[index] : undefined;
    if (other === null || other === undefined) issues.push(nothingAt(expressionAt(place)));
    return true;
  }
}

/** True for an element that has an id and nothing else. */
function isHollow(value: object): boolean {
  return !Array.isArray(value) && Object.keys(value).join() === 'id';
}

/** ele-1: an element has a value or children. */
function hollowAt(expression: string): Issue {
  return { severity: 'error', code: 'invariant', message: 'élément sans valeur ni extension (ele-1)', expression, rule: 'ele-1' };
} // prettier-ignore

function nothingAt(expression: string): Issue {
  const message = 'null sans valeur ni extension à cette place';
  return { severity: 'error', code: 'structure', message, expression };
}

const tooDeep: Issue = {
  severity: 'fatal',
  code: 'too-long',
  message: `La ressource est imbriquée sur plus de ${deepest} niveaux.`,
};
