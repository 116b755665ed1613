import { beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { hasErrors } from '../../../src/fhir/issue.ts';
import { mapRecord } from '../../../src/mapping/map-record.ts';
import { checkNetwork } from '../../../src/network/check.ts';
import type { Network } from '../../../src/network/network.ts';
import type { SourceRecord } from '../../../src/mapping/types.ts';
import { goldenDay, records } from '../corpus.ts';
import { edited, type Edit } from './edits.ts';
import { reverseKinds, type ReverseKind } from './kinds.ts';
import { asRecord, content, published, readBack, told } from './round-trip.ts';

let kinds: Map<string, ReverseKind>;
let corpus: SourceRecord[];

beforeAll(async () => {
  kinds = await reverseKinds();
  corpus = await records();
});

const edit: fc.Arbitrary<Edit> = fc.record({
  what: fc.constantFrom('drop', 'drop', 'swap', 'word', 'text', 'date'),
  where: fc.nat(),
  which: fc.nat(),
});

it('whatever is edited in a network, what it publishes reads back and is published again', () => {
  let tried = 0;
  fc.assert(
    fc.property(fc.nat(), fc.array(edit, { minLength: 1, maxLength: 12 }), (which, edits) => {
      const source = corpus[which % corpus.length]!;
      const kind = kinds.get(source.kind)!;
      const data = edited(source.data, kind.shape, edits);
      const record = asRecord(data);
      const faults = checkNetwork(record as Network, kind, { at: goldenDay });
      fc.pre(!hasErrors([...faults, ...mapRecord(kind.mapping, record, { at: goldenDay }).issues]));
      tried += 1;
      const back = readBack(kind, source.id, published(kind, data));
      expect(told(back)).toEqual([]);
      expect(content(kind, back.record)).toEqual(content(kind, data));
    }),
    { numRuns: 120 },
  );
  expect(tried).toBeGreaterThanOrEqual(120);
}, 120_000);
