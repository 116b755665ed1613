/** Fragments that use each other in a circle, directly or somewhere below: such a mapping would never be compiled. */
import type { Json, JsonObject } from '../fhir/types.ts';
import { below, type Compilation, isObject, type Place, refuse, textOf } from './compilation.ts';

/** Deeper objects are no FHIR anybody reads. */
const maxDepth = 24;

type Use = { name: string; place: Place };

/** Refuses each circle once, at the use that closes it, and objects nested too deep. */
export function refuseCircles(compilation: Compilation): void {
  const done = new Set<string>();
  const visit = (name: string, way: readonly string[]): void => {
    if (done.has(name)) return;
    const fragment = compilation.fragments.get(name);
    for (const use of fragment ? usesIn(compilation, fragment) : []) {
      if (!way.includes(use.name)) visit(use.name, [...way, use.name]);
      else {
        const circle = [...way.slice(way.indexOf(use.name)), use.name].join(' → ');
        const message = `Boucle sans fin : ${circle}. Retirez l'un de ces « $use ».`;
        refuse(compilation, use.place, 'invariant', message);
      }
    }
    done.add(name);
  };
  for (const name of compilation.fragments.keys()) visit(name, [name]);
}

/** Every `$use` in a node, however deep. */
export function usesIn(compilation: Compilation, place: Place, depth = 0): Use[] {
  const { node } = place;
  if (typeof node !== 'object' || node === null) return [];
  if (depth > maxDepth) {
    refuse(
      compilation,
      place,
      'too-costly',
      `Plus de ${maxDepth} niveaux : répartissez la règle en fragments.`,
    );
    return [];
  }
  const steps = Array.isArray(node) ? [...node.keys()] : Object.keys(node);
  return steps.flatMap((step): Use[] => {
    const child = below(place as Place<JsonObject>, step);
    if (step !== '$use' || !isObject(node)) return usesIn(compilation, child, depth + 1);
    return (child.node as Json[]).map((name, index) => ({
      name: textOf(name),
      place: below(child as Place<Json[]>, index),
    }));
  });
}
