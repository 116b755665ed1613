import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { findJsonFault, parseJson } from '../../../src/api/body/json.ts';

const unlimited = 1_000;
const harmless = (value: unknown): boolean =>
  !/"(__proto__|constructor)"|\\u0000/.test(JSON.stringify(value));

describe('JSON from strangers', () => {
  it('reads what JSON.parse reads, whatever the blanks', () => {
    const blanks = fc.constantFrom('', ' ', '\n\t', 2);
    const values = fc.jsonValue({ stringUnit: 'binary' }).filter(harmless);
    fc.assert(
      fc.property(values, blanks, (value, blank) => {
        const text = JSON.stringify(value, null, blank);
        expect(parseJson(text, unlimited)).toEqual(JSON.parse(text));
      }),
      { numRuns: 500 },
    );
  });

  it('refuses as broken exactly what JSON.parse refuses, for texts without any other fault', () => {
    const pieces = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"',
      '"a"',
      '"b"',
      '\\',
      '\\"',
      '1',
      'null',
      ' ',
      '\\u0041',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
        const text = parts.join('');
        const fault = findJsonFault(text, unlimited);
        fc.pre(fault === undefined || fault === 'syntax');
        const native = attempt(() => JSON.parse(text) as unknown);
        const ours = attempt(() => parseJson(text, unlimited));
        expect(ours).toEqual(native);
      }),
      { numRuns: 2_000 },
    );
  });

  it('never accepts a name twice in one object, however it is escaped', () => {
    const name = fc.string({ minLength: 1, maxLength: 5 }).filter((text) => harmless({ [text]: 1 }));
    const wrap = fc.constantFrom(
      (text: string) => text,
      (text: string) => `[1,${text}]`,
      (text: string) => `{"x y":${text}}`,
    );
    fc.assert(
      fc.property(name, wrap, (key, around) => {
        const text = around(`{${JSON.stringify(key)}:1,"other name":{},${escaped(key)}:2}`);
        expect(findJsonFault(text, unlimited)).toBe('duplicate-name');
      }),
    );
  });

  it('allows one name in sibling objects and as a value', () => {
    expect(parseJson('[{"a":"a"},{"a":["a","a"]},{"a":{"a":"a"}}]', 5)).toHaveLength(3);
  });

  it.each([
    '{"__proto__":{}}',
    '{"a":{"constructor":1}}',
    '[{"\\u005f_proto__":1}]',
    '{"\\u0063onstructor":1}',
  ])('refuses names that reach into prototypes: %s', (text) =>
    expect(findJsonFault(text, 10)).toBe('forbidden-name'),
  );

  it('lets those words stand as values', () => {
    expect(parseJson('["__proto__",{"a":"constructor"}]', 10)).toEqual(['__proto__', { a: 'constructor' }]);
  });

  it.each(['["\\ud800"]', '["\\udc00\\ud800"]', '{"\\udfff":1}', '["a\\uD83D"]'])(
    'refuses a lone surrogate: %s',
    (text) => expect(findJsonFault(text, 10)).toBe('lone-surrogate'),
  );

  it.each(['["a\\u0000"]', '{"\\u0000":1}'])('refuses the character NUL: %s', (text) =>
    expect(findJsonFault(text, 10)).toBe('nul'),
  );

  it('keeps a surrogate pair written as escapes', () => {
    expect(parseJson('["\\ud83d\\ude00"]', 10)).toEqual(['😀']);
  });

  it('counts depth over objects and arrays alike: at the limit read, one over refused', () => {
    expect(parseJson('[{"a":[1]}]', 3)).toEqual([{ a: [1] }]);
    expect(findJsonFault('[{"a":[[1]]}]', 3)).toBe('depth');
    expect(findJsonFault('['.repeat(1_000_000), 64)).toBe('depth');
  });

  it('stays linear on a megabyte of backslashes, quotes or short names', () => {
    const texts = [
      `["${'\\\\'.repeat(500_000)}"]`,
      `["${'\\"'.repeat(500_000)}"]`,
      `{${Array.from({ length: 100_000 }, (_, index) => `"n${index}":0`).join(',')}}`,
    ];
    for (const text of texts) expect(findJsonFault(text, 10)).toBeUndefined();
  });

  it('says which rule was broken and nothing of the text', () => {
    const thrown = attempt(() => parseJson('{"name":"CANARY","name":"CANARY"}', 10));
    expect(thrown).toEqual({ refused: true });
    expect(() => parseJson('{"name":"CANARY","name":"CANARY"}', 10)).toThrow(/deux fois le même nom/);
    expect(() => parseJson('{"name":"CANARY" oops}', 10)).toThrow(/^JSON illisible\.$/);
  });
});

function attempt(work: () => unknown): { value: unknown } | { refused: true } {
  try {
    return { value: work() };
  } catch {
    return { refused: true };
  }
}

/** The same name with every UTF-16 unit written as an escape. */
function escaped(name: string): string {
  const units = name.split('').map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return `"${units.join('')}"`;
}
