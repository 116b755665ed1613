import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { transforms } from '../../src/mapping/transforms.ts';

const cases: [string, unknown, unknown][] = [
  ['date', '2026', '2026'],
  ['date', '2026-11', '2026-11'],
  ['date', '2024-02-29', '2024-02-29'],
  ['date', '2025-02-29', undefined],
  ['date', '2026-13', undefined],
  ['date', '22/11/2026', undefined],
  ['phone', '01 23 45 67 89', '+33123456789'],
  ['phone', '+33 (0)', undefined],
  ['phone', '15 15', '1515'],
  ['phone', 'ask', undefined],
  ['trim', '  a b ', 'a b'],
  ['trim', '  ', undefined],
  ['upper', 'é', 'É'],
  ['lower', 'É', 'é'],
  ['email', ' Contact@X.Example ', 'contact@x.example'],
  ['email', 'contact', undefined],
  ['text', 12, '12'],
  ['text', true, 'true'],
  ['text', ['a'], undefined],
  ['number', '90', 90],
  ['number', '1.5', 1.5],
  ['number', '007', undefined],
  ['number', '1e9', undefined],
  ['number', 12, undefined],
  ['id-nat-st', '990780017', '1990780017'],
  ['id-nat-st', '99078', undefined],
  ['id-nat-ps', '10999900003', '810999900003'],
  ['id-nat-ps', '1099', undefined],
];

for (const [name, value, result] of cases) {
  it(`${name} makes ${JSON.stringify(result) ?? 'nothing'} of ${JSON.stringify(value)}`, () => {
    expect(transforms[name]?.(value as never)).toEqual(result);
  });
}

it('no transform throws, and none yields an empty text', () => {
  fc.assert(
    fc.property(fc.constantFrom(...Object.keys(transforms)), fc.jsonValue(), (name, value) => {
      expect(transforms[name]?.(value as never)).not.toBe('');
    }),
    { examples: Object.keys(transforms).map((name): [string, string] => [name, '']) },
  );
});
