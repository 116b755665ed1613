import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseKeyReference, referenceTo } from '../../src/fhir/references.ts';

describe('a reference by business key', () => {
  it('reads back what was written, whatever the value', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), (value) => {
        const key = `https://x.example/a|${value}`;
        expect(parseKeyReference(referenceTo('Patient', key))).toEqual({ type: 'Patient', key });
      }),
    );
  });

  it.each(['Patient?identifier=a|%', 'Patient?identifier=%E0%A4%A|b', 'Patient/1', 'Patient?name=a|b', ''])(
    'is none in what cannot be read: %s',
    (reference) => expect(parseKeyReference(reference)).toBeUndefined(),
  );
});
