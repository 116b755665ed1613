import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CompiledDefinitions } from '../../src/validation/compile.ts';
import { createChecks } from '../../src/validation/schema-check.ts';

const definitions = JSON.parse(readFileSync('profiles/schemas.json', 'utf8')) as CompiledDefinitions;
const checks = createChecks(definitions.schemas);
const ajv = new Ajv2020({ strict: false, inlineRefs: false, unicodeRegExp: false, validateSchema: false });
for (const [name, schema] of Object.entries(definitions.schemas)) ajv.addSchema(schema, name);

type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

function resourcesIn(folder: string): Json[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as { entry?: { resource: Json }[] })
    .flatMap((one) =>
      one.entry ? [one as Json, ...one.entry.map(({ resource }) => resource)] : [one as Json],
    );
}

const corpus = ['mapping', 'profiles/valid', 'profiles/invalid', 'api'].flatMap((name) =>
  resourcesIn(join('test/fixtures', name)),
);

/** Definitions that a resource is judged by: its type, and every profile of that type. */
function definitionsFor(resource: Json): string[] {
  const type = (resource as { resourceType?: Json } | null)?.resourceType;
  if (typeof type !== 'string') return [];
  const profiles = Object.values(definitions.profiles).filter((profile) => profile.type === type);
  return [...(Object.hasOwn(definitions.schemas, type) ? [type] : []), ...profiles.map(({ name }) => name)];
}

/** Names of the definitions that the resource breaks, by us and by ajv. */
function broken(resource: Json): { ours: string[]; ajvs: string[] } {
  const names = definitionsFor(resource);
  return {
    ours: names.filter((name) => !checks(name)(resource, '')),
    ajvs: names.filter((name) => !ajv.getSchema(name)!(resource)),
  };
}

/** Every place in a value, as a path of names. */
function places(value: Json, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([name, child]) => places(child, [...path, name]))];
}

function changed(value: Json, path: readonly string[], change: (old: Json) => Json | undefined): Json {
  const copy = structuredClone(value);
  const [last, ...above] = [...path].reverse();
  if (last === undefined) return copy;
  let parent = copy as Record<string, Json>;
  for (const name of above.reverse()) parent = parent[name] as Record<string, Json>;
  const made = change(parent[last]!);
  if (made !== undefined) parent[last] = made;
  else if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else delete parent[last];
  return copy;
}

function isObject(value: Json): value is { [name: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const changes: ((old: Json) => Json | undefined)[] = [
  () => undefined,
  () => null,
  () => '',
  () => 'zzz',
  () => 3,
  () => -1.5,
  () => [],
  () => ({}),
  (old) => [old],
  (old) => [old, old],
  (old) => (Array.isArray(old) ? [...old, ...old] : { value: old }),
  (old) => (isObject(old) ? { ...old, unknown: 1 } : 'x'),
  (old) => (typeof old === 'string' ? ` ${old}` : old),
  () => ({ reference: 'Patient/1' }),
  () => ({ coding: [{ system: 'urn:x', code: 'y' }] }),
];

describe('checks of our definitions', () => {
  it('know every keyword of every definition', () => {
    for (const name of Object.keys(definitions.schemas)) expect(() => checks(name)).not.toThrow();
  });

  it.each(corpus.map((resource, index) => [index, resource] as const))(
    'come to the verdict of ajv on resource %i',
    (_, resource) => {
      const { ours, ajvs } = broken(resource);
      expect(ours).toEqual(ajvs);
    },
  );

  it('come to the verdict of ajv on resources with one thing changed', () => {
    const change = fc
      .constantFrom(...corpus)
      .chain((resource) =>
        fc.tuple(fc.constant(resource), fc.constantFrom(...places(resource)), fc.constantFrom(...changes)),
      );
    fc.assert(
      fc.property(change, ([resource, path, how]) => {
        const { ours, ajvs } = broken(changed(resource, path, how));
        expect(ours).toEqual(ajvs);
      }),
      { numRuns: process.env['PASSERELLE_LONG'] ? 100_000 : 1_000 },
    );
  });

  it('tell at least one fault of what they refuse, and none of what they accept', () => {
    for (const resource of corpus) {
      for (const name of definitionsFor(resource)) {
        let told = 0;
        const listener = { tell: () => void (told += 1), get outside() { return listener; } }; // prettier-ignore
        expect(checks(name)(resource, '', listener)).toBe(told === 0);
      }
    }
  });

  it('refuse a keyword they do not know rather than leaving it unchecked', () => {
    expect(() => createChecks({ a: { multipleOf: 2 } })('a')).toThrow('multipleOf');
    expect(() => createChecks({})('toString')).toThrow('toString');
  });
});
