import { expect, it } from '@jest/globals';
import { mutateMappings } from './mutants.ts';

it('notices when any single rule of the mappings is taken out', async () => {
  const { rules, survivors } = await mutateMappings();
  expect(rules).toBeGreaterThan(500);
  expect(survivors).toEqual([]);
}, 120_000);
