/** What compiling makes of each form of constraint, over definitions of a few lines. */
import { describe, expect, it } from '@jest/globals';
import type { StructureDefinition } from '../../src/validation/definitions.ts';
import { colours, colourSet, element, profile, verdictOf } from './small.ts';

const concept = (code: string, system = colours.url) => ({ coding: [{ system, code }] });
const extensionUrl = (id: string) => `https://passerelle.example/fhir/StructureDefinition/${id}`;

/** Cases of a profile: a Thing and what is said of it. */
function cases(profiles: StructureDefinition[], rows: [string, object, string[]][]): void {
  it.each(rows)('%s', (_name, thing, expected) => {
    expect(verdictOf(profiles, thing)).toEqual(expected);
  });
}

describe('cardinality', () => {
  const bounded = profile('bounded', 'Thing', {
    'Thing.note': { min: 2, max: '3' },
    'Thing.main': { max: '0' },
    'Thing.subject': { min: 1 },
  });
  const subject = { reference: 'Thing/1' };
  cases(
    [bounded],
    [
      ['accepts what lies between the bounds', { note: ['a', 'b'], subject }, []],
      ['refuses fewer than the minimum', { note: ['a'], subject }, ['Thing.note structure']],
      ['refuses none where there is a minimum', { subject }, ['Thing.note required']],
      ['refuses more than the maximum', { note: ['a', 'b', 'c', 'd'], subject }, ['Thing.note structure']],
      [
        'refuses what may not be there',
        { note: ['a', 'b'], subject, main: { text: 'x' } },
        ['Thing structure'],
      ],
      ['refuses a missing element', { note: ['a', 'b'] }, ['Thing.subject required']],
      [
        'refuses a list where one is meant',
        { note: ['a', 'b'], subject: [subject] },
        ['Thing.subject structure'],
      ],
    ],
  );
});

describe('fixed values and patterns', () => {
  const imposed = profile('imposed', 'Thing', {
    'Thing.status': { fixedCode: 'active' },
    'Thing.main': { patternCodeableConcept: concept('red') },
  });
  const status = 'active';
  cases(
    [imposed],
    [
      ['accept the value', { status, main: concept('red') }, []],
      ['accept what a pattern does not mention', { status, main: { ...concept('red'), text: 'rouge' } }, []],
      [
        'accept a list that holds the item of a pattern',
        {
          status,
          main: { coding: [...concept('x', 'https://other.example').coding, ...concept('red').coding] },
        },
        [],
      ],
      ['refuse another value', { status: 'draft' }, ['Thing.status code-invalid']],
      [
        'refuse a list without the item of a pattern',
        { status, main: concept('green') },
        ['Thing.main.coding required'],
      ],
      [
        'refuse an element without what a pattern names',
        { status, main: { text: 'rouge' } },
        ['Thing.main.coding required'],
      ],
    ],
  );
});

describe('required bindings', () => {
  const binding = { strength: 'required', valueSet: `${colourSet.url}|1.0` };
  const bound = profile('bound', 'Thing', {
    'Thing.status': { binding },
    'Thing.main': { binding },
    'Thing.tag': { binding },
  });
  const status = 'red';
  cases(
    [bound],
    [
      ['accept codes of the set', { status, main: concept('green'), tag: concept('red').coding }, []],
      ['refuse another code', { status: 'blue' }, ['Thing.status code-invalid']],
      ['refuse another Coding', { status, tag: concept('blue').coding }, ['Thing.tag[0] code-invalid']],
      [
        'refuse the code of another system',
        { status, tag: concept('red', 'https://other.example').coding },
        ['Thing.tag[0] code-invalid'],
      ],
      [
        'refuse a concept without a coding of the set',
        { status, main: concept('blue') },
        ['Thing.main.coding required'],
      ],
      [
        'accept a concept with one coding of the set among others',
        { status, main: { coding: [...concept('blue').coding, ...concept('red').coding] } },
        [],
      ],
    ],
  );

  it('to a set that cannot be enumerated here refuse nothing', () => {
    const open = { url: colourSet.url, compose: { include: [{ system: 'http://loinc.org', filter: [{}] }] } };
    expect(verdictOf([bound], { status: 'anything' }, [open])).toEqual([]);
  });
});

describe('choices', () => {
  const chosen = profile('chosen', 'Thing', {
    'Thing.value[x]': { min: 1, type: [{ code: 'string' }, { code: 'CodeableConcept' }] },
  });
  cases(
    [chosen],
    [
      ['accept an allowed type', { valueString: 'x' }, []],
      [
        'refuse a type that the profile leaves out',
        { valueBoolean: true },
        ['Thing.value required', 'Thing structure'],
      ],
      [
        'refuse two forms at once',
        { valueString: 'x', valueCodeableConcept: { text: 'x' } },
        ['Thing structure'],
      ],
      ['refuse none where one is needed', {}, ['Thing.value required']],
      [
        'refuse a type that is none of the choice',
        { valueInteger: 1 },
        ['Thing structure', 'Thing.value required'],
      ],
    ],
  );
});

describe('references', () => {
  const plain = profile('plain', 'Thing', { 'Thing.subject': element('0..1', 'Reference>Thing') });
  cases(
    [plain],
    [
      [
        'accept the target type, relative or absolute',
        { subject: { reference: 'https://h.example/fhir/Thing/1' } },
        [],
      ],
      ['accept a search by identifier', { subject: { reference: 'Thing?identifier=a|b' } }, []],
      ['accept urn, fragment and logical references', { subject: { reference: 'urn:uuid:1' } }, []],
      ['accept an address that tells no type', { subject: { reference: 'https://h.example/things/1' } }, []],
      ['refuse another type', { subject: { reference: 'Patient/1' } }, ['Thing.subject.reference value']],
      [
        'refuse another type in an absolute URL',
        { subject: { reference: 'https://h.example/fhir/Patient/1' } },
        ['Thing.subject.reference value'],
      ],
      [
        'refuse another type said by name',
        { subject: { type: 'Patient' } },
        ['Thing.subject.type code-invalid'],
      ],
      ['refuse white space', { subject: { reference: ' Thing/1' } }, ['Thing.subject.reference value']],
    ],
  );
});

describe('slices', () => {
  const slicing = (rules: 'open' | 'closed') => ({
    slicing: { rules, discriminator: [{ type: 'value' as const, path: 'system' }] },
  });
  const sliced = (rules: 'open' | 'closed') =>
    profile(`sliced-${rules}`, 'Thing', {
      'Thing.identifier': slicing(rules),
      'Thing.identifier:own': { min: 1, max: '1' },
      'Thing.identifier:own.system': { min: 1, fixedUri: 'urn:own' },
      'Thing.identifier:own.value': { min: 1 },
      'Thing.identifier:theirs': { min: 0, max: '*' },
      'Thing.identifier:theirs.system': { min: 1, fixedUri: 'urn:theirs' },
      'Thing.identifier:theirs.use': { fixedCode: 'official' },
    });
  const own = { system: 'urn:own', value: '1' };
  describe('by value, open', () => {
    cases(
      [sliced('open')],
      [
        ['accept the slice among others', { identifier: [{ value: 'free' }, own] }, []],
        [
          'count what is missing',
          { identifier: [{ system: 'urn:theirs', use: 'official' }] },
          ['Thing.identifier required'],
        ],
        ['count what is too many', { identifier: [own, own] }, ['Thing.identifier required']],
        [
          'hold members to their rules',
          { identifier: [own, { system: 'urn:theirs', use: 'old' }] },
          ['Thing.identifier[1].use code-invalid'],
        ],
        ['hold nobody else to them', { identifier: [own, { system: 'urn:else', use: 'old' }] }, []],
        [
          'demand what members must have',
          { identifier: [{ system: 'urn:own' }] },
          ['Thing.identifier[0].value required'],
        ],
      ],
    );
  });
  describe('by value, closed', () => {
    cases(
      [sliced('closed')],
      [
        ['accept members', { identifier: [own] }, []],
        [
          'refuse what is member of none',
          { identifier: [own, { system: 'urn:else' }] },
          ['Thing.identifier[1] code-invalid'],
        ],
      ],
    );
  });
  describe('by pattern of the item itself', () => {
    const byPattern = profile('by-pattern', 'Thing', {
      'Thing.kind': { slicing: { rules: 'open', discriminator: [{ type: 'pattern', path: '$this' }] } },
      'Thing.kind:red': { min: 1, max: '1', patternCodeableConcept: concept('red') },
    });
    cases(
      [byPattern],
      [
        ['accept one member', { kind: [concept('green'), concept('red')] }, []],
        ['refuse none', { kind: [concept('green')] }, ['Thing.kind required']],
        ['refuse two', { kind: [concept('red'), concept('red')] }, ['Thing.kind required']],
      ],
    );
  });
  describe('by a pattern above the discriminator', () => {
    const byType = profile('by-type', 'Thing', {
      'Thing.identifier': {
        slicing: { rules: 'open', discriminator: [{ type: 'value', path: 'type.coding.code' }] },
      },
      'Thing.identifier:red': { min: 1, max: '*' },
      'Thing.identifier:red.type': { min: 1, patternCodeableConcept: concept('red') },
    });
    cases(
      [byType],
      [
        ['accept a member', { identifier: [{ type: concept('red') }] }, []],
        ['refuse none', { identifier: [{ type: concept('green') }] }, ['Thing.identifier required']],
      ],
    );
  });
  describe('by presence', () => {
    const byPresence = profile('by-presence', 'Thing', {
      'Thing.identifier': { slicing: { rules: 'open', discriminator: [{ type: 'exists', path: 'system' }] } },
      'Thing.identifier:with': { min: 1, max: '1' },
      'Thing.identifier:with.system': { min: 1 },
      'Thing.identifier:without': { min: 0, max: '1' },
      'Thing.identifier:without.system': { max: '0' },
    });
    cases(
      [byPresence],
      [
        ['accept one of each', { identifier: [{ system: 'urn:a' }, { value: 'x' }] }, []],
        [
          'refuse two of one',
          { identifier: [{ system: 'urn:a' }, { value: 'x' }, { value: 'y' }] },
          ['Thing.identifier required'],
        ],
      ],
    );
  });
});

describe('extensions', () => {
  const simple = profile('simple', 'Extension', {
    'Extension.url': { fixedUri: extensionUrl('simple') },
    'Extension.extension': { max: '0' },
    'Extension.value[x]': { min: 1, type: [{ code: 'string' }] },
  });
  const parts = profile('parts', 'Extension', {
    'Extension.url': { fixedUri: extensionUrl('parts') },
    'Extension.extension': {
      min: 1,
      slicing: { rules: 'open', discriminator: [{ type: 'value', path: 'url' }] },
    },
    'Extension.extension:first': { min: 1, max: '1' },
    'Extension.extension:first.url': { fixedUri: 'first' },
    'Extension.extension:first.value[x]': { min: 1, type: [{ code: 'boolean' }] },
  });
  const holder = profile('holder', 'Thing', {
    'Thing.extension': { slicing: { rules: 'open', discriminator: [{ type: 'value', path: 'url' }] } },
    'Thing.extension:simple': { min: 1, max: '1', type: [{ code: 'Extension', profile: [simple.url] }] },
    'Thing.extension:parts': { min: 0, max: '1', type: [{ code: 'Extension', profile: [parts.url] }] },
  });
  const one = { url: simple.url, valueString: 'x' };
  const other = (...inner: object[]) => ({ extension: [one, { url: parts.url, extension: inner }] });
  const first = { url: 'first', valueBoolean: true };
  cases(
    [holder, simple, parts],
    [
      ['are counted', {}, ['Thing.extension required']],
      ['accept what their definition allows', { extension: [one] }, []],
      [
        'refuse another type of value',
        { extension: [{ url: simple.url, valueBoolean: true }] },
        ['Thing.extension[0].value required', 'Thing.extension[0] structure'],
      ],
      ['accept the parts they name', other(first), []],
      [
        'refuse a part they do not name',
        other(first, { url: 'second', valueBoolean: true }),
        ['Thing.extension[1].extension[1] code-invalid'],
      ],
      [
        'accept an extension of a part',
        other(first, { url: 'https://else.example/x', valueBoolean: true }),
        [],
      ],
      [
        'refuse a part of another type',
        other({ url: 'first', valueString: 'x' }),
        ['Thing.extension[1].extension[0].value required', 'Thing.extension[1].extension[0] structure'],
      ],
      [
        'that are unknown are passed on with a warning',
        { extension: [one, { url: 'https://else.example/x', valueString: 'x' }] },
        ['Thing.extension[1] extension'],
      ],
      [
        'refuse a URL that is not absolute',
        { extension: [one, { url: 'x', valueString: 'x' }] },
        ['Thing.extension[1].url value'],
      ],
    ],
  );
});
