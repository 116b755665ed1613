/** Copies of a resource with exactly one thing changed, of every kind of fault that files from strangers have. */

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** What was done and where (`delete code[0].coding`), and the result. The change may happen to be harmless. */
export type Mutant = { fault: string; resource: unknown };

type Place = { holder: Json[] | { [name: string]: Json }; at: string | number; path: string };

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

function placesIn(holder: Place['holder'], path: string): Place[] {
  const entries: [string | number, Json][] = Array.isArray(holder)
    ? holder.map((value, index) => [index, value])
    : Object.entries(holder);
  return entries.flatMap(([at, value]): Place[] => {
    const here = typeof at === 'number' ? `${path}[${at}]` : path ? `${path}.${at}` : at;
    const inner = typeof value === 'object' && value !== null ? placesIn(value, here) : [];
    return [{ holder, at, path: here }, ...inner];
  });
}

function valueAt({ holder, at }: Place): Json {
  return (holder as { [name: string]: Json })[at]!;
}

function put({ holder, at }: Place, value: Json): true {
  (holder as { [name: string]: Json })[at] = value;
  return true;
}

/** Each answers whether it applied to this place. */
const changes: Record<string, (place: Place, value: Json) => boolean> = {
  delete: ({ holder, at }) => {
    if (Array.isArray(holder)) holder.splice(at as number, 1);
    else delete holder[at];
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
  'white space': (place, value) => typeof value === 'string' && put(place, ` ${value}`),
  'an unknown element': (_place, value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
    value['unknownElement'] = 'text';
    return true;
  },
};
