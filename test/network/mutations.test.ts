/** Property: whatever happens to one field of an example, the check answers; it never throws, and every issue has its place. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { isMap, isScalar, isSeq, parseDocument, visit } from 'yaml';
import { exampleFiles, issuesOf, kindsOfTheProject } from './project.ts';
import type { Kinds } from './project.ts';
import { readNetwork } from '../../src/network/read.ts';

const strange = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    'null',
    '~',
    'true',
    '2024-13-45',
    '__proto__',
    '../x.csv',
    '99',
    '1e400',
    '🩺',
    'a'.repeat(5000),
  ),
  fc.string(),
  fc.constant(null),
  fc.boolean(),
  fc.integer(),
  fc.constant([]),
  fc.constant({}),
  fc.constant([{ id: 'x' }]),
  fc.constant({ fichier: 'absent.csv' }),
);

type Mutation = {
  file: string;
  place: number;
  how: 'replace' | 'remove' | 'rename' | 'repeat';
  value: unknown;
};
const mutation: fc.Arbitrary<Mutation> = fc.record({
  file: fc.constantFrom(...exampleFiles),
  place: fc.nat(),
  how: fc.constantFrom('replace', 'remove', 'rename', 'repeat'),
  value: strange,
});

describe('a mutation of one field of an example', () => {
  let kinds: Kinds;
  let folder: string;
  beforeAll(async () => {
    kinds = await kindsOfTheProject();
    folder = await mkdtemp(join(tmpdir(), 'passerelle-mutation-'));
    await cp(join('examples', 'networks'), folder, { recursive: true });
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  it('gives located issues or a network still valid, and never a throw', async () => {
    const property = fc.asyncProperty(mutation, async (one) => {
      const { text } = (await readNetwork(one.file)).network!;
      const file = join(folder, `mutant-${basename(one.file)}`);
      await writeFile(file, mutated(text, one));
      for (const issue of await issuesOf(file, kinds)) {
        expect(issue.message).not.toMatch(/undefined|\[object/);
        expect(issue.source?.file.startsWith(folder)).toBe(true);
        expect(issue.source?.line).toBeGreaterThan(0);
        expect(issue.source?.column).toBeGreaterThan(0);
      }
    });
    await fc.assert(property, { numRuns: 500 });
  });

  it('survives any text in the place of a file', async () => {
    const property = fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 300 }), async (text) => {
      const file = join(folder, 'any.yaml');
      await writeFile(file, text);
      for (const issue of await issuesOf(file, kinds)) expect(issue.source?.line).toBeGreaterThan(0);
    });
    await fc.assert(property, { numRuns: 300 });
  });
});

/** Changes one entry of one object or list of the text, chosen by `place`. */
function mutated(text: string, { place, how, value }: Mutation): string {
  const document = parseDocument(text);
  const places: (() => void)[] = [];
  visit(document, (_, node) => {
    if (isSeq(node)) {
      node.items.forEach((item, index) => {
        places.push(() => {
          if (how === 'remove') node.items.splice(index, 1);
          else if (how === 'repeat') node.items.push(item);
          else node.items[index] = document.createNode(value);
        });
      });
    } else if (isMap(node)) {
      node.items.forEach((pair, index) => {
        places.push(() => {
          if (how === 'remove') node.items.splice(index, 1);
          else if (how === 'repeat') node.items.push(pair);
          else if (how === 'replace') pair.value = document.createNode(value);
          else if (isScalar(pair.key)) pair.key.value = typeof value === 'string' ? value : 'autre';
        });
      });
    }
  });
  places[place % places.length]!();
  return document.toString();
}
