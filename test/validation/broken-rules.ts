/** Single deletions that break an invariant and nothing else of the snapshot, as fhirpath.js sees it. */
import type { AnyResource } from '../../src/fhir/types.ts';
import type { StructureDefinition } from '../../src/validation/definitions.ts';
import { createEvaluator } from '../../src/validation/fhirpath/library.ts';
import type { Fault } from './faults.ts';
import { changed, type Json, type Place } from './places.ts';

const evaluate = createEvaluator();

/** Of each invariant on the resource itself, the first deletion that breaks it. */
export function brokenRules(
  resource: AnyResource,
  profile: StructureDefinition,
  places: readonly Place[],
): Fault[] {
  const [root] = profile.snapshot.element;
  const rules = (root!.constraint ?? []).filter(({ severity, expression, key }) => severity === 'error' && expression && !key.startsWith('dom-')); // prettier-ignore
  const needed = new Set(
    profile.snapshot.element.filter(({ min }) => (min ?? 0) > 0).map(({ path }) => path),
  );
  const optional = places.filter(({ element }) => !needed.has(element));
  return rules.flatMap(({ key, expression }) => {
    for (const place of optional) {
      const copy = without(resource, place);
      if (holds(copy, expression!)) continue;
      const at = resource.resourceType;
      return [{ kind: `a broken rule ${key}`, path: at, holder: at, resource: copy }];
    }
    return [];
  });
}

function without(resource: AnyResource, place: Place): AnyResource {
  return changed(resource, place, (holder) => {
    const list = holder[place.name];
    if (place.index !== undefined && (list as Json[]).length > 1) (list as Json[]).splice(place.index, 1);
    else delete holder[place.name];
  });
}

function holds(resource: AnyResource, expression: string): boolean {
  const environment = { resource, root: resource };
  const [answer] = evaluate(resource, resource.resourceType, expression, environment);
  return answer !== false;
}
