import { beforeAll, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../../src/fhir/types.ts';
import type { SourceRecord } from '../../../src/mapping/types.ts';
import { records } from '../corpus.ts';
import { reverseKinds, type ReverseKind } from './kinds.ts';
import { content, leaves, published, readBack, told, without } from './round-trip.ts';
import { asServerGives } from './server-form.ts';

let kinds: Map<string, ReverseKind>;
let corpus: SourceRecord[];

beforeAll(async () => {
  kinds = await reverseKinds();
  corpus = await records();
});

describe('a network read back from what it publishes', () => {
  it('publishes the same again, and nothing of what was read is unexplained', () => {
    for (const { kind: name, id, data } of corpus) {
      const kind = kinds.get(name)!;
      const back = readBack(kind, id, published(kind, data));
      expect([id, told(back)]).toEqual([id, []]);
      expect(content(kind, back.record)).toEqual(content(kind, data));
    }
  });

  it('says what its file said, without what nothing published depends on', () => {
    for (const { kind: name, id, data } of corpus) {
      const kind = kinds.get(name)!;
      const back = new Map(leaves(readBack(kind, id, published(kind, data)).record));
      const given = new Map(leaves(data));
      const lost = [...given.keys()].filter((pointer) => !back.has(pointer));
      const rest = without(data, new Set(lost)) as JsonObject;
      expect(content(kind, rest)).toEqual(content(kind, data));
      // A value may come back in the form in which it is published (a telephone number).
      const text = JSON.stringify(published(kind, data));
      const changed = [...back].filter(([pointer, value]) => given.get(pointer) !== value);
      expect([id, changed.filter(([pointer]) => !given.has(pointer))]).toEqual([id, []]);
      expect([id, changed.filter(([, value]) => !text.includes(JSON.stringify(value)))]).toEqual([id, []]);
    }
  });

  it('is the same when a server gives it, with ids, narrative, defaults and extensions of its own', () => {
    for (const { kind: name, id, data } of corpus) {
      const kind = kinds.get(name)!;
      const plain = readBack(kind, id, published(kind, data));
      const served = readBack(kind, id, asServerGives(published(kind, data)));
      expect([id, told(served)]).toEqual([id, []]);
      expect(served.record).toEqual(plain.record);
    }
  });

  it('is the same when its resources come in another order, but for the order of its lists', () => {
    for (const { kind: name, id, data } of corpus) {
      const kind = kinds.get(name)!;
      const { record } = readBack(kind, id, published(kind, data).reverse());
      expect(content(kind, record)).toEqual(content(kind, data));
    }
  });
});
