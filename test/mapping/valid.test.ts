import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { formatIssue, hasErrors } from '../../src/fhir/issue.ts';
import { checkNetwork } from '../../src/network/check.ts';
import type { Kind } from '../../src/network/kind.ts';
import { loadKinds } from '../../src/network/load-kinds.ts';
import type { Network } from '../../src/network/network.ts';
import type { Validator } from '../../src/validation/validator.ts';
import { testValidator } from '../validator.ts';
import { goldenDay, records } from './corpus.ts';
import { goldenFile } from './golden.ts';

let corpus: Network[];
let validator: Validator;
let kinds: ReadonlyMap<string, Kind>;

beforeAll(async () => {
  corpus = (await records()) as Network[];
  validator = await testValidator();
  ({ kinds } = await loadKinds('mappings'));
});

describe('the golden Bundles', () => {
  it('come from networks that the check of their kind accepts', () => {
    for (const record of corpus) {
      const issues = checkNetwork(record, kinds.get(record.kind)!, { at: goldenDay });
      expect(hasErrors(issues) ? issues.map(formatIssue) : []).toEqual([]);
    }
  });

  it('satisfy R4 and the profiles they name (P-46)', () => {
    for (const record of corpus) {
      const issues = validator.validate(JSON.parse(readFileSync(goldenFile(record), 'utf8')));
      expect(issues.map((issue) => `${record.id} ${formatIssue(issue)}`)).toEqual([]);
    }
  });
});
