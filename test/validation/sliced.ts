/** Slices of a snapshot and the faults they can have: too few, too many, one that is not as the slice wants it. */
import type { AnyResource } from '../../src/fhir/types.ts';
import type { ElementDefinition } from '../../src/validation/definitions.ts';
import type { Fault } from './faults.ts';
import { changed, type Json, type JsonObject, type Place } from './places.ts';

/** The slices of lists in an element list. */
export function slicesOf(elements: readonly ElementDefinition[]) {
  return elements
    .filter(
      ({ id, path }) =>
        /:[^.]+$/.test(id) &&
        !id.slice(0, -1).split('.').slice(0, -1).join().includes(':') &&
        !path.endsWith('[x]'),
    ) // prettier-ignore
    .map((slice) => ({
      slice,
      faults: (resource: AnyResource, places: readonly Place[]) =>
        faultsOf(slice, elements, resource, places),
    }));
}

function faultsOf(
  slice: ElementDefinition,
  elements: readonly ElementDefinition[],
  resource: AnyResource,
  places: readonly Place[],
): Fault[] {
  const isMine = recogniser(slice, elements);
  const mine = places.filter(({ element, index, value }) => element === slice.path && index !== undefined && isMine(value)); // prettier-ignore
  const [one] = mine;
  if (!one) return [];
  const { name, holder } = one;
  const path = `${holder}.${name}`;
  const faults: Fault[] = [];
  const put = (kind: string, change: (list: Json[]) => Json[], at = path): void => {
    const changedOne = changed(resource, one, (object) => {
      const list = change(structuredClone(object[name]) as Json[]);
      if (list.length) object[name] = list;
      else delete object[name];
    });
    faults.push({ kind, path: at, holder, resource: changedOne });
  };
  if ((slice.min ?? 0) > 0) put('a slice missing', (list) => list.filter((item) => !isMine(item)));
  if (slice.max === '1') put('a slice repeated', (list) => [...list, structuredClone(one.value)]);
  for (const child of elements.filter(({ id, min }) => id.startsWith(`${slice.id}.`) && (min ?? 0) > 0)) {
    const [inner, ...deeper] = child.id.slice(slice.id.length + 1).split('.');
    const item = one.value as JsonObject;
    if (deeper.length || inner!.includes(':') || !(inner! in item) || hasValue(child)) continue;
    const { [inner!]: _left, ...rest } = item;
    if (!isMine(rest)) continue;
    put(`a slice without ${inner}`, (list) => list.map((each, at) => (at === one.index ? rest : each)), `${one.path}.${inner}`); // prettier-ignore
  }
  return faults;
}

const hasValue = (element: ElementDefinition): boolean =>
  Object.keys(element).some((name) => /^(fixed|pattern)[A-Z]/.test(name));

/** True for the items that have everything the slice fixes. */
function recogniser(slice: ElementDefinition, elements: readonly ElementDefinition[]): (item: Json) => boolean {
  const url = slice.type?.[0]?.code === 'Extension' ? slice.type[0].profile?.[0] : undefined;
  const fixed = elements
    .filter((element) => (element.id === slice.id || element.id.startsWith(`${slice.id}.`)) && hasValue(element))
    .map((element) => ({
      steps: element.id.slice(slice.id.length + 1).split('.').filter(Boolean).map((step) => step.replace(/:.*$/, '')),
      value: Object.entries(element).find(([name]) => /^(fixed|pattern)[A-Z]/.test(name))![1] as Json,
    })); // prettier-ignore
  if (url) return (item) => (item as JsonObject)['url'] === url;
  return (item) => fixed.length > 0 && fixed.every(({ steps, value }) => at(item, steps).some((one) => holds(one, value)));
} // prettier-ignore

function at(value: Json, steps: readonly string[]): Json[] {
  const list = Array.isArray(value) ? value : [value];
  const [first, ...rest] = steps;
  if (first === undefined) return list;
  return list.flatMap((one) => {
    const next = typeof one === 'object' && one !== null ? (one as JsonObject)[first] : undefined;
    return next === undefined ? [] : at(next, rest);
  });
}

function holds(value: Json | undefined, pattern: Json): boolean {
  if (Array.isArray(pattern)) {
    return Array.isArray(value) && pattern.every((one) => value.some((item) => holds(item, one)));
  }
  if (typeof pattern !== 'object' || pattern === null) return value === pattern;
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(pattern).every(([name, one]) => holds((value as JsonObject)[name], one));
}
