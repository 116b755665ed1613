/**
 * Takes each single rule out of the mappings, one at a time and in memory, and asks whether the golden comparison of
 * test/mapping notices: `N rules, N killed, 0 survived`. Exit 1 when one survives.
 *   node scripts/mutate-mappings.ts [words that the paths of the files to mutate hold, cso or parts.yaml]
 */
import { mutateMappings } from '../test/mapping/mutants.ts';

const words = process.argv.slice(2);
const { rules, survivors } = await mutateMappings(
  (file) => words.length === 0 || words.some((word) => file.includes(word)),
);
for (const survivor of survivors) console.log(`survived ${survivor}`);
console.log(`${rules} rules, ${rules - survivors.length} killed, ${survivors.length} survived`);
process.exitCode = survivors.length ? 1 : 0;
