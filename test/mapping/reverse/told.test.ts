import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { AnyResource, JsonObject } from '../../../src/fhir/types.ts';
import { networkIds, reverseNetwork } from '../../../src/mapping/reverse/reverse.ts';
import { recordYaml } from '../../../src/mapping/reverse/write-yaml.ts';
import { networkOfText } from '../../../src/network/read.ts';
import { goldenDay, records } from '../corpus.ts';
import { reverseKinds, type ReverseKind } from './kinds.ts';
import { published, readBack, told } from './round-trip.ts';

let kinds: Map<string, ReverseKind>;
let kind: ReverseKind;
let data: JsonObject;
let resources: AnyResource[];

beforeAll(async () => {
  kinds = await reverseKinds();
  const corpus = await records();
  ({ data } = corpus.find(({ file }) => file.includes('cso-idf-ouest'))!);
  kind = kinds.get(data['kind'] as string)!;
  resources = published(kind, data);
});

const id = 'cso-idf-ouest';
const keyOf = (one: AnyResource): string => (one['identifier'] as { value: string }[])[0]!.value;
const withChange = (key: string, change: (one: AnyResource) => object): AnyResource[] =>
  resources.map((one) => (keyOf(one) === key ? { ...one, ...change(one) } : one));

describe('what no rule explains is told, never dropped in silence', () => {
  it('an element that the mapping does not write', () => {
    const back = readBack(
      kind,
      id,
      withChange(`${id}/territory`, () => ({ alias: ['Ouest'] })),
    );
    expect(told(back)).toEqual([
      expect.stringMatching(
        /Location .*\/territory : Bundle\.entry\[\d+\]\.resource\.alias n'est expliqué par aucune règle/,
      ),
    ]);
  });

  it('an item of a list, the others being read all the same', () => {
    const telecom = [{ system: 'fax', value: '1' }];
    const back = readBack(
      kind,
      id,
      withChange(id, () => ({ telecom })),
    );
    expect(told(back)).toEqual([expect.stringContaining('.resource.telecom n')]);
    expect(back.record).toEqual(readBack(kind, id, resources).record);
  });

  it('a code that no table has', () => {
    const back = readBack(
      kind,
      id,
      withChange(`${id}/member/chips`, () => ({ code: [{ coding: [{ system: 'urn:x', code: 'y' }] }] })),
    );
    expect(told(back)).toEqual([expect.stringMatching(/member\/chips : .*\.code/)]);
  });

  it('a value that follows from others and does not', () => {
    const back = readBack(
      kind,
      id,
      withChange(`${id}/member/chips`, () => ({ active: false })),
    );
    expect(told(back)).toEqual([expect.stringMatching(/resource\.active ne serait pas publié ainsi/)]);
  });

  it('a resource under the key of the network that no rule gives, and one that is missing', () => {
    const stray = {
      resourceType: 'Location',
      identifier: [{ system: 'https://passerelle.example/fhir/network', value: `${id}/elsewhere` }],
    };
    const back = readBack(kind, id, [
      ...resources.filter((one) => keyOf(one) !== `${id}/territory/78`),
      stray,
    ]);
    expect(told(back)).toEqual([expect.stringContaining(`${id}/elsewhere`)]);
    const { departements } = back.record['territoire'] as { departements: { code: string }[] };
    expect(departements.map(({ code }) => code)).toEqual(['95']);
  });
});

describe('reading back', () => {
  it('finds the networks of a Bundle of several', async () => {
    const corpus = (await records()).filter((one) => one.kind === 'cpts');
    const cpts = kinds.get('cpts')!;
    const all = corpus.flatMap((one) => published(cpts, one.data));
    expect(networkIds(cpts.reverse, all)).toEqual(corpus.map((one) => one.id));
    for (const one of corpus) {
      const alone = readBack(cpts, one.id, published(cpts, one.data)).record;
      expect(readBack(cpts, one.id, all).record).toEqual(alone);
    }
  });

  it('writes a file that says the same when it is read', async () => {
    for (const one of await records()) {
      const of = kinds.get(one.kind)!;
      const { record } = readBack(of, one.id, published(of, one.data));
      const { network, issues } = networkOfText(recordYaml(record, ['Essai']), 'back.yaml');
      expect(issues).toEqual([]);
      expect(network?.data).toEqual(record);
    }
  });

  it('never throws, whatever resources hold', () => {
    const json = fc.jsonValue({ maxDepth: 3 });
    const damage = fc.array(fc.tuple(fc.nat(), fc.nat(), json), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(damage, (changes) => {
        const broken = structuredClone(resources) as Record<string, unknown>[];
        for (const [at, which, value] of changes) {
          const one = broken[at % broken.length]!;
          const names = Object.keys(one).filter((name) => name !== 'resourceType');
          one[names[which % names.length]!] = value;
        }
        const options = { at: goldenDay, file: 'broken.json' };
        reverseNetwork(kind.reverse, id, broken as AnyResource[], options);
      }),
      {
        numRuns: 100,
        examples: [
          [[[0, 0, { toString: false }]]],
          [[[0, 2, [{ system: 'x', value: { toString: false } }]]]],
        ],
      },
    );
  });
});
