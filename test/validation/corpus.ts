/** Valid and changed resources over all profiles, drawn with a seed: what three validators are compared on. */
import type { AnyResource } from '../../src/fhir/types.ts';
import { faultsOf } from './faults.ts';
import { mutantsOf } from './mutants.ts';
import { type Json, placesIn, replaced } from './places.ts';
import { readSamples, type Samples } from './samples.ts';

/** `fault`: what was done and where; empty for a fixture as it is. `place`: FHIRPath of the fault where it is known. */
export type Case = { profile: string; fault: string; place?: string; resource: AnyResource };

/** About `size` cases, the same number for each profile; equal seeds give equal cases. */
export function corpusOf(seed: number, size: number): Case[] {
  const samples = readSamples();
  const draw = drawing(seed);
  const each = Math.ceil(size / samples.profiles.length);
  return samples.profiles.flatMap((profile) => {
    const fixtures = samples.of(profile);
    const faults = fixtures.flatMap((one) =>
      faultsOf(one, profile, samples.known).map(({ kind, path, resource }): Case => {
        return { profile: profile.id, fault: `${kind} ${path}`, place: path, resource };
      }),
    );
    const changes = fixtures.flatMap((one) =>
      mutantsOf(one)
        .filter(({ fault }) => !endsHl7.test(fault))
        .map(({ fault, resource }): Case => ({ profile: profile.id, fault, resource: resource as AnyResource })),
    );
    const variants = fixtures.flatMap((one) => variantsOf(one, samples).map((variant) => ({ profile: profile.id, ...variant })));
    const valid = fixtures.map((resource): Case => ({ profile: profile.id, fault: '', resource }));
    const share = Math.ceil((each - valid.length) / 4);
    const some = [...valid, ...sample(changes, share, draw), ...sample(variants, share, draw)];
    return [...some, ...sampleByKind(faults, each - some.length, draw)].map(inBundle);
  }); // prettier-ignore
}

/** A null in a list of primitives ends HL7's validator, and with it the judging of all others. */
const endsHl7 = /^null .*\]$/;

/** Copies that are likely to be as valid as the resource: other texts, and optional elements left out. */
function variantsOf(resource: AnyResource, { known }: Samples): Omit<Case, 'profile'>[] {
  return placesIn(resource, known.shapes).flatMap((place): Omit<Case, 'profile'>[] => {
    const other: Record<string, Json> = { string: 'autre texte', markdown: 'autre texte', date: '2024-05-06', dateTime: '2024-05-06T07:08:09+02:00' }; // prettier-ignore
    const value = other[place.type];
    if (value === undefined || place.name === 'id' || place.name === 'reference') return [];
    return [{ fault: `other text ${place.path}`, resource: replaced(resource, place, value) }];
  });
}

type Draw = (bound: number) => number;

/** Whole numbers below a bound (mulberry32). */
function drawing(seed: number): Draw {
  let state = seed >>> 0;
  return (bound) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % bound;
  };
}

function sample<T>(values: readonly T[], count: number, draw: Draw): T[] {
  const rest = [...values];
  const chosen: T[] = [];
  while (chosen.length < count && rest.length) chosen.push(...rest.splice(draw(rest.length), 1));
  return chosen;
}

/** One of each kind before a second of any: rare kinds say more. */
function sampleByKind(faults: readonly Case[], count: number, draw: Draw): Case[] {
  const kinds = Map.groupBy(sample(faults, faults.length, draw), ({ fault }) =>
    fault.replace(/ [A-Z]\w*[.[].*$/, ''),
  );
  const chosen: Case[] = [];
  for (let round = 0; chosen.length < count && round < faults.length; round += 1) {
    for (const all of kinds.values()) if (all[round] && chosen.length < count) chosen.push(all[round]!);
  }
  return chosen;
}

const fullUrl = (n: number): string => `urn:uuid:00000000-0000-4000-8000-00000000000${n}`;

/** A reference to a wrong type, led to a resource of a Bundle: without it no other validator says which type that is. */
function inBundle(one: Case): Case {
  if (!one.fault.startsWith('another target ') || one.resource.resourceType === 'Bundle') return one;
  const text = JSON.stringify(one.resource).replace(
    /"reference":"(?:Slot|Schedule)[/?][^"]*"/,
    `"reference":"${fullUrl(2)}"`,
  );
  const other = { resourceType: 'Basic', code: { text: 'autre' } };
  const entry = [
    { fullUrl: fullUrl(1), resource: JSON.parse(text) as AnyResource },
    { fullUrl: fullUrl(2), resource: other },
  ];
  const resource = { resourceType: 'Bundle', type: 'collection', entry } as unknown as AnyResource;
  const place = one.place && `Bundle.entry[0].resource${one.place.slice(one.place.indexOf('.'))}`;
  return { ...one, resource, ...(place ? { place } : {}) };
}
