/**
 * P5: validation against our profiles, invariants and bindings included, over one corpus of valid and faulty resources, beside
 * Medplum with the same profiles, HAPI's validator and, for invariants alone, fhirpath.js.
 */
import { missingTools } from '../../scripts/golden/maven.ts';
import { judgeCorpus } from '../../test/conformance/judges.ts';
import { type Case, corpusOf } from '../../test/validation/corpus.ts';
import type { Validator } from '../../src/validation/validator.ts';
import type { Measure } from '../row.ts';
import type { Scenario } from '../scenario.ts';
import { createMedplum } from '../validation/medplum.ts';
import { createBuilt, createOurs, rulePasses } from '../validation/ours.ts';
import { perSecond, warmUp } from '../validation/pace.ts';

const seed = 20261125;
const id = 'P5';

export const scenario: Scenario = {
  async run({ quick }) {
    const corpus = corpusOf(seed, 620);
    const resources = corpus.map(({ resource }) => resource);
    const texts = resources.map((resource) => JSON.stringify(resource));
    const inCheckout = await createOurs(resources);
    const { validator, loadMs, firstMs } = await createBuilt(resources);
    const medplum = createMedplum();
    const refused = resources.map((resource) => refuses(validator, resource));
    const valid = corpus.filter((_one, index) => !refused[index]);
    const pass = <T>(of: readonly T[], each: (one: T) => unknown) => ({
      items: of.length,
      run: () => of.forEach(each),
    });
    const paces = await perSecond(
      {
        ours: pass(resources, (one) => validator.validate(one)),
        medplum: pass(corpus, medplum),
        valid: pass(valid, ({ resource }) => validator.validate(resource)),
        medplumValid: pass(valid, medplum),
        parse: pass(texts, (text) => JSON.parse(text) as unknown),
        ...rulePasses(valid.map(({ resource }) => resource)),
      },
      quick ? 3 : 9,
    );
    const limit = { name: 'JSON.parse of the same', values: paces.parse };
    const rate = { id, unit: '/s', warmUp, goal: { atLeast: 18_000 }, limit } as const;
    const once = { id, warmUp: 0 } as const;
    const peer = (name: string, values: readonly number[]) => ({ peer: { name, values } });
    const same = corpus.filter((one, index) => medplum(one) === refused[index]).length;
    return [
      { ...rate, what: `${corpus.length} valid and faulty resources, warm`, values: paces.ours, ...peer('@medplum/core with profile', paces.medplum) },
      { ...rate, what: `the ${valid.length} valid ones of them, warm`, values: paces.valid, ...peer('@medplum/core with profile', paces.medplumValid) },
      { id, unit: '/s', warmUp, what: 'invariants of the types alone', values: paces.closures, goal: { atLeast: 470_000 }, ...peer('fhirpath.js', paces.fhirpath) },
      { ...once, unit: 'ms', what: 'definitions and checks read', values: [loadMs] },
      { ...once, unit: 'ms', what: 'the corpus for the first time', values: [firstMs] },
      { ...once, unit: 'ms', what: 'the same in a checkout, schemas compiled when needed', values: [inCheckout.loadMs + inCheckout.firstMs] },
      { ...once, unit: '%', what: 'verdicts equal to those of Medplum', values: [(100 * same) / corpus.length] },
      ...(quick || missingTools().length ? [] : besideHapi(corpus, validator, paces.ours)),
    ]; // prettier-ignore
  },
};

function refuses(validator: Validator, resource: unknown): boolean {
  return validator.validate(resource).some(({ severity }) => severity !== 'warning');
}

/** HAPI's validator over the same, warm, inside its own JVM. */
function besideHapi(corpus: readonly Case[], validator: Validator, ours: readonly number[]): Measure[] {
  const { cases, ms } = judgeCorpus(corpus, validator, ['HAPI'], 3);
  const same = cases.filter((one) => one.HAPI.some(isError) === one.ours.some(isError)).length;
  const values = [(1000 * corpus.length) / ms.HAPI!];
  return [
    { id, unit: '/s', warmUp, what: 'the same beside HAPI', values: ours, goal: { atLeast: 18_000 }, peer: { name: 'HAPI validator, third round in its JVM', values } },
    { id, unit: '%', warmUp: 0, what: 'verdicts equal to those of HAPI', values: [(100 * same) / corpus.length], goal: { atLeast: 98 } },
  ]; // prettier-ignore
}

const isError = ({ severity }: { severity: string }): boolean => severity === 'error';
