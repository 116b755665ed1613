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
            : object(item as JsonObject, levels - 1);
      place.pop();
      if (!fits) return false;
    }
    return true;
  }

  /** A null in a list of primitives or of their `_` twins, where the other list may have something. */
  function nothing(holder: JsonObject | undefined, name: string, index: number): true {
    const twin = holder?.[name.startsWith('_') ? name.slice(1) : `_${name}`];
    const other: unknown = Array.isArray(twin) ? twin[index] : undefined;
    if (other === null || other === undefined) issues.push(nothingAt(expressionAt(place)));
    return true;
  }
}

function nothingAt(expression: string): Issue {
  const message = 'null sans valeur ni extension à cette place';
  return { severity: 'error', code: 'structure', message, expression };
}

const tooDeep: Issue = {
  severity: 'fatal',
  code: 'too-long',
  message: `La ressource est imbriquée sur plus de ${deepest} niveaux.`,
};
