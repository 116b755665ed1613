/** Whatever a stranger sends: an answer, soon, without a word of what was sent. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalBase } from '../../src/fhir/names.ts';
import type { Validator } from '../../src/validation/validator.ts';
import { testValidator } from '../validator.ts';
import { mutantsOf } from './mutants.ts';

const folder = resolve(import.meta.dirname, '../fixtures/profiles/valid');
const resources = readdirSync(folder).map(
  (name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Record<string, unknown>,
);

let validator: Validator;
beforeAll(async () => {
  validator = await testValidator();
});

const anyResource = fc.constantFrom(...resources);
const anyProfiles = fc.subarray(resources.flatMap(({ meta }) => (meta as { profile: string[] }).profile));

/** A resource with some of its elements, at any depth, replaced by arbitrary JSON. */
const damaged = fc
  .tuple(anyResource, fc.array(fc.tuple(fc.nat(), fc.jsonValue()), { minLength: 1, maxLength: 6 }))
  .map(([resource, damages]) => {
    const copy = structuredClone(resource);
    for (const [where, value] of damages) {
      const places = placesIn(copy).filter(([, name]) => name !== 'resourceType');
      const [holder, name] = places[where % places.length]!;
      holder[name] = value;
    }
    return copy;
  });

function placesIn(value: object): [Record<string, unknown>, string][] {
  return Object.entries(value).flatMap(([name, child]: [string, unknown]) => {
    const inner = typeof child === 'object' && child !== null ? placesIn(child) : [];
    return [[value as Record<string, unknown>, name], ...inner] as [Record<string, unknown>, string][];
  });
}

const canary = 'ZZCANARYZZ';

/** Every string of a value with a mark in it, those that name what is meant to be named excepted. */
function marked(value: unknown, name = ''): unknown {
  if (typeof value === 'string') return name === 'resourceType' ? value : `${canary}${value}`;
  if (Array.isArray(value)) return value.map((item) => marked(item, name));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, marked(child, key)]));
}

describe('the validator before arbitrary JSON', () => {
  it('answers with issues, of a resource type or of none', () => {
    const types = fc.constantFrom(
      ...validator.resourceTypes,
      'constructor',
      '__proto__',
      'Resource',
      'Element',
      '',
    );
    const objects = fc
      .tuple(types, fc.dictionary(fc.string(), fc.jsonValue()))
      .map(([resourceType, rest]) => ({
        ...rest,
        resourceType,
      }));
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), objects), anyProfiles, (value, profiles) => {
        for (const { message } of validator.validate(value, profiles)) expect(message).not.toBe('');
      }),
      { numRuns: 500 },
    );
  });

  it('answers with issues when elements of a valid resource become anything', () => {
    fc.assert(
      fc.property(damaged, anyProfiles, (resource, profiles) => {
        expect(Array.isArray(validator.validate(resource, profiles))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('refuses what is nested deeper than anything it takes in, and judges what is as deep', () => {
    const nested = (levels: number) => ({
      resourceType: 'Organization',
      name: 'CH',
      extension: [deep(levels)],
    });
    for (const levels of [40, 2000, 100_000]) {
      expect(validator.validate(nested(levels))).toEqual([
        expect.objectContaining({ severity: 'fatal', code: 'too-long' }),
      ]);
    }
    expect(validator.validate(nested(30)).map(({ severity }) => severity)).toEqual(['warning']);
  });

  it('is not kept busy by what makes patterns backtrack, nor by length', () => {
    const long = 'a'.repeat(1_000_000);
    const spaced = `${' '.repeat(50_000)}!`;
    const attacks = [
      { resourceType: 'Patient', id: long, birthDate: long, active: long },
      { resourceType: 'Binary', contentType: spaced, data: `${'QUJD'.repeat(100_000)}!` },
      {
        resourceType: 'Patient',
        name: [{ text: spaced, family: spaced }],
        generalPractitioner: [{ reference: `http://${'a/'.repeat(50_000)}` }],
      },
      {
        resourceType: 'Patient',
        identifier: Array.from({ length: 20_000 }, () => ({ system: 'urn:oid:1.2', value: 'x' })),
      },
      {
        resourceType: 'Task',
        authoredOn: `${'2020-01-01T'.repeat(10_000)}`,
        code: { coding: [{ code: `${'a '.repeat(50_000)}b ` }] },
      },
    ];
    for (const attack of attacks) expect(Array.isArray(validator.validate(attack))).toBe(true);
  });

  it('tells the first thousand of many faults, the errors first', () => {
    const profile = [`${canonicalBase}/StructureDefinition/pas-establishment`];
    const of = (faulty: unknown) => ({
      resourceType: 'Organization',
      meta: { profile },
      extension: Array.from({ length: 2000 }, () => ({ url: 'https://a.example/x', valueString: 'x' })),
      identifier: Array.from({ length: 200_000 }, () => faulty),
      type: Array.from({ length: 20_000 }, () => ({ coding: [{ system: 'x', code: 'y' }] })),
    });
    for (const faulty of [{}, { system: 'https://a.example' }, 'text']) {
      const issues = validator.validate(of(faulty));
      expect(issues).toHaveLength(1001);
      expect(issues.slice(0, 1000).filter(({ severity }) => severity !== 'error')).toEqual([]);
      expect(issues.at(-1)).toMatchObject({ severity: 'information', code: 'too-long' });
    }
  });
});

function deep(levels: number): unknown {
  let extension: unknown = { url: 'https://example.org/x', valueString: 'x' };
  for (let i = 0; i < levels; i += 1) extension = { url: 'https://example.org/x', extension: [extension] };
  return extension;
}

describe('what the validator says', () => {
  it('never holds a value of the resource', () => {
    for (const resource of resources) {
      const issues = validator.validate(marked(resource));
      expect(issues.length).toBeGreaterThan(0);
      expect(JSON.stringify(issues)).not.toContain(canary);
    }
  });

  it('never holds a value of the resource, whatever the fault', () => {
    const faults = resources.flatMap((resource) => mutantsOf(resource));
    fc.assert(
      fc.property(fc.constantFrom(...faults), ({ resource }) => {
        expect(JSON.stringify(validator.validate(marked(resource)))).not.toContain(canary);
      }),
      { numRuns: 300 },
    );
  });

  it('never holds a name that is no name of FHIR', () => {
    const name = `${canary} née le 12/03/1974`;
    fc.assert(
      fc.property(anyResource, fc.nat(), (resource, where) => {
        const copy = structuredClone(resource);
        const holders = placesIn(copy).flatMap(([holder]) => (Array.isArray(holder) ? [] : [holder]));
        holders[where % holders.length]![name] = { [name]: name };
        expect(JSON.stringify(validator.validate(copy))).not.toContain(canary);
      }),
      { numRuns: 300 },
    );
  });
});
