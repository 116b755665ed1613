/** Values for single faults: of the wrong form, of another code, and samples of what may not stand there. */
import type { ElementType } from '../../src/validation/definitions.ts';
import type { Json, JsonObject } from './places.ts';

const forms: Record<string, Json[]> = {
  boolean: ['true', 1],
  integer: ['1', 1.5],
  positiveInt: [0, '1'],
  unsignedInt: [-1],
  decimal: ['1.5'],
  date: ['2020-13-01', '01/02/2020', '2020-1-1'],
  dateTime: ['2020-13-01', '2020-01-01T25:00:00Z', '2020-01-01T10:00:00'],
  instant: ['2020-01-01', '2020-01-01T10:00:00'],
  time: ['25:00:00', '10:00'],
  code: [' code', 'two  spaces'],
  id: ['with space', 'é', 'x'.repeat(65)],
  uri: ['with space'],
  url: ['with space'],
  canonical: ['with space'],
  oid: ['1.2.3'],
  uuid: ['urn:uuid:x'],
  base64Binary: ['!'],
};

/** Values that have not the form of a primitive type. */
export function badForms(type: string): Json[] {
  return forms[type] ?? [];
}

/** The value with a code that no value set has. */
export function otherCode(type: string, value: Json): Json | undefined {
  const coding = (one: Json | undefined): JsonObject => ({ ...(one as JsonObject), code: 'unexpected-code' });
  if (type === 'code') return 'unexpected-code';
  if (type === 'Coding') return coding(value);
  if (type !== 'CodeableConcept') return undefined;
  return {
    ...(value as JsonObject),
    coding: [coding(((value as JsonObject)['coding'] as Json[] | undefined)?.[0])],
  };
}

const samples: Record<string, Json> = {
  string: 'text',
  markdown: 'text',
  code: 'code',
  uri: 'https://a.example/x',
  canonical: 'https://a.example/x',
  boolean: true,
  date: '2020-01-01',
  dateTime: '2020-01-01',
  CodeableConcept: { text: 'text' },
  Identifier: { system: 'https://a.example/x', value: 'x' },
  Period: { start: '2020-01-01' },
  Annotation: { text: 'text' },
  ContactPoint: { system: 'phone', value: '0102030405' },
  HumanName: { family: 'FICTIF' },
  Address: { city: 'Lyon' },
};

/** A valid value of a type; undefined for those that need more than a line. */
export function sampleOf({ code, targetProfile }: ElementType): Json | undefined {
  if (code !== 'Reference') return samples[code];
  const target = targetProfile?.[0]?.split('/').at(-1) ?? 'Organization';
  return { reference: `${/^[A-Z]\w+$/.test(target) && target !== 'Resource' ? target : 'Organization'}/x` };
}
