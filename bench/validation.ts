/**
 * Agreement of our validator with HAPI's and HL7's over a corpus drawn with a seed, next to their speeds.
 *   npm run bench:validation -- [--seed N] [--size N] [--speed]
 * `--speed` runs P5 as well. Needs a JDK and Maven. Exit: 0, or 1 with a disagreement that no class explains.
 */
import { parseArgs } from 'node:util';
import { disagreementsWith, sharedPlaces } from '../test/conformance/disagreements.ts';
import { judgeCorpus, type Judge } from '../test/conformance/judges.ts';
import { corpusOf } from '../test/validation/corpus.ts';
import { scenario } from './scenarios/P5.ts';
import { rowOf } from './row.ts';
import { createBuilt } from './validation/ours.ts';

const { values } = parseArgs({
  options: { seed: { type: 'string' }, size: { type: 'string' }, speed: { type: 'boolean' } },
});
const seed = Number(values.seed ?? Date.now() % 2 ** 31);
const corpus = corpusOf(seed, Number(values.size ?? 620));
console.log(
  `${corpus.length} resources over ${new Set(corpus.map(({ profile }) => profile)).size} profiles, --seed ${seed}`,
);

const { validator } = await createBuilt(corpus.map(({ resource }) => resource));
const start = performance.now();
for (const { resource } of corpus) validator.validate(resource);
const oursMs = performance.now() - start;
const { cases, ms } = judgeCorpus(corpus, validator, ['HAPI', 'HL7'], 2);

const percent = (part: number, whole: number): string =>
  `${(whole ? (100 * part) / whole : 100).toFixed(2)} %`;
const pace = (milliseconds: number): string =>
  `${Math.round((1000 * corpus.length) / milliseconds)} resources/s`;
console.log(
  `speed: ours ${pace(oursMs)} (second pass), HAPI ${pace(ms.HAPI ?? NaN)} (second round in its JVM)`,
);

const judges: Judge[] = ['HL7', 'HAPI'];
for (const judge of judges) {
  const differing = disagreementsWith(judge, cases);
  console.log(`\n${judge}: ${percent(cases.length - differing.length, cases.length)} of verdicts are equal`);
  for (const severity of ['error', 'warning'] as const) {
    for (const [from, to] of [['ours', judge], [judge, 'ours']] as const) {
      const { exact, near, places } = sharedPlaces(from, to, severity, cases);
      console.log(
        `of ${places} (expression, ${severity}) of ${from}: ${percent(exact, places)} are said by ${to}, ` +
          `${percent(near, places)} are, lie within, or hold one of these`,
      );
    }
  } // prettier-ignore
  for (const { told, reason } of differing) console.log(`- ${told}\n  ${reason ?? 'NOT EXPLAINED'}`);
  if (differing.some(({ reason }) => !reason)) process.exitCode = 1;
}

if (values.speed) {
  for (const measure of await scenario.run({ quick: true, long: false }))
    console.log(JSON.stringify(rowOf(measure)));
}
