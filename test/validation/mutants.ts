/** Copies of a resource with exactly one thing changed, of every kind of fault that files from strangers have. */

import { canonicalBase } from '../../src/fhir/names.ts';

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** What was done and where (`delete code[0].coding`), and the result. The change may happen to be harmless. */
export type Mutant = { fault: string; resource: unknown };

/** `owner`: of the list that holds it. */
type Place = { holder: Json[] | { [name: string]: Json }; at: string | number; path: string; owner?: Place };

/** All mutants of a resource, in the order of its elements. */
export function mutantsOf(resource: object): Mutant[] {
  const mutants: Mutant[] = [];
  const places = placesIn(resource as { [name: string]: Json }, '');
  for (const { path } of places) {
    for (const [kind, change] of Object.entries(changes)) {
      const copy = structuredClone(resource) as { [name: string]: Json };
      const place = placesIn(copy, '').find((other) => other.path === path)!;
      if (change(place, valueAt(place))) mutants.push({ fault: `${kind} ${path}`, resource: copy });
    }
  }
  return mutants;
}

function placesIn(holder: Place['holder'], path: string, owner?: Place): Place[] {
  const entries: [string | number, Json][] = Array.isArray(holder)
    ? holder.map((value, index) => [index, value])
    : Object.entries(holder);
  return entries.flatMap(([at, value]): Place[] => {
    const here = typeof at === 'number' ? `${path}[${at}]` : path ? `${path}.${at}` : at;
    const place: Place = { holder, at, path: here, ...(owner ? { owner } : {}) };
    const inner = typeof value === 'object' && value !== null ? placesIn(value, here, place) : [];
    return [place, ...inner];
  });
}

function valueAt({ holder, at }: Place): Json {
  return (holder as { [name: string]: Json })[at]!;
}

function put({ holder, at }: Place, value: Json): true {
  (holder as { [name: string]: Json })[at] = value;
  return true;
}

function isObject(value: Json): value is { [name: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Each answers whether it applied to this place. */
const changes: Record<string, (place: Place, value: Json) => boolean> = {
  delete: ({ holder, at, owner }) => {
    if (!Array.isArray(holder)) delete holder[at];
    else if (holder.length > 1 || !owner) holder.splice(at as number, 1);
    else delete (owner.holder as { [name: string]: Json })[owner.at]; // the last of a list takes the list with it
    return true;
  },
  repeat: ({ holder, at }, value) => {
    if (!Array.isArray(holder)) return false;
    holder.splice(at as number, 0, structuredClone(value));
    return true;
  },
  empty: (place, value) => {
    if (Array.isArray(value)) return put(place, []);
    if (typeof value === 'string') return put(place, '');
    return typeof value === 'object' && put(place, {});
  },
  null: (place) => put(place, null),
  'another type': (place, value) => put(place, typeof value === 'string' ? 42 : 'text'),
  'a list': (place, value) => !Array.isArray(value) && put(place, [value]),
  'an object': (place, value) => typeof value !== 'object' && put(place, { text: 'text' }),
  'another code': (place, value) =>
    typeof value === 'string' && /^[\w#-]+$/.test(value) && put(place, 'unexpected-code'),
  'another uri': (place, value) =>
    typeof value === 'string' &&
    /^(https?|urn):/.test(value) &&
    put(place, 'https://passerelle.example/other'),
  'another target': (place, value) =>
    place.at === 'reference' && typeof value === 'string' && put(place, value.replace(/^[A-Z]\w+/, 'Slot')),
  'an impossible date': (place, value) =>
    typeof value === 'string' &&
    /^\d{4}-\d{2}-\d{2}/.test(value) &&
    put(place, value.replace(/-\d{2}-/, '-13-')),
  'a day of no month': (place, value) =>
    typeof value === 'string' &&
    /^\d{4}-\d{2}-\d{2}/.test(value) &&
    put(place, value.replace(/-\d{2}-\d{2}/, '-02-30')),
  'a broken urn': (place, value) =>
    typeof value === 'string' &&
    place.at !== 'reference' &&
    /^urn:(oid|uuid):/.test(value) &&
    put(place, value.replace(/:[^:]+$/, ':none')),
  'an active narrative': (place, value) =>
    place.at === 'div' &&
    typeof value === 'string' &&
    put(place, value.replace('>', '><script>go()</script>')),
  'a broken narrative': (place, value) =>
    place.at === 'div' && typeof value === 'string' && put(place, value.replace('>', '><b>')),
  'a narrative of nothing': (place) =>
    place.at === 'div' && put(place, '<div xmlns="http://www.w3.org/1999/xhtml"><p> </p></div>'),
  'another type of reference': (_place, value) => {
    if (!isObject(value)) return false;
    const { reference } = value;
    if (typeof reference !== 'string' || !/^[A-Z]\w+\//.test(reference)) return false;
    value['type'] = 'Slot';
    return true;
  },
  'an extension of something else': ({ at }, value) => {
    if (!isObject(value) || 'extension' in value || at === 'resource') return false;
    value['extension'] = [
      { url: `${canonicalBase}/StructureDefinition/pas-offer-team`, valueReference: { display: 'x' } },
    ];
    return true;
  },
  'a contained resource that nothing names': ({ holder, at }) => {
    if (at !== 'meta' || Array.isArray(holder) || 'contained' in holder) return false;
    holder['contained'] = [{ resourceType: 'Basic', id: 'unnamed', code: { text: 'text' } }];
    return true;
  },
  'a full URL of another': (place) =>
    place.at === 'fullUrl' && put(place, 'https://hopital.example/fhir/Slot/other'),
  'white space': (place, value) => typeof value === 'string' && put(place, ` ${value}`),
  'an unknown element': (_place, value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
    value['unknownElement'] = 'text';
    return true;
  },
};
