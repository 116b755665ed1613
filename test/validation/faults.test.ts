/** Each profile refuses every single fault that its snapshot tells of, and says where it is. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { AnyResource } from '../../src/fhir/types.ts';
import type { Validator } from '../../src/validation/validator.ts';
import { testValidator } from '../validator.ts';
import { extensionFaultsOf, type Fault, faultsOf, pointsAt } from './faults.ts';
import { readSamples } from './samples.ts';

const { known, resources, profiles, extensions, of } = readSamples();
const carried = extensions.filter(({ url }) =>
  resources.some((one) => JSON.stringify(one).includes(`"${url}"`)),
);

let validator: Validator;
beforeAll(async () => {
  validator = await testValidator();
});

/** `kind path` of the faults that are not refused where they are. */
function missed(faults: readonly Fault[]): string[] {
  return faults
    .filter((fault) => {
      const issues = validator.validate(fault.resource).filter(({ severity }) => severity !== 'warning');
      return !issues.some(({ expression }) => pointsAt(expression, fault));
    })
    .map(({ kind, path }) => `${kind}: ${path}`);
}

const distinct = (faults: readonly Fault[]) =>
  new Set(faults.map(({ resource }) => JSON.stringify(resource)));

/** Faults that the base type alone would refuse. */
const ofForm = /^(an object|a text|an empty|an unknown element|a bad form|a list)/;

describe('single faults', () => {
  it.each(profiles.map((profile) => [profile.id, profile] as const))(
    'of %s are refused where they are',
    (_id, profile) => {
      const samples = of(profile);
      expect(samples).not.toEqual([]); // a profile without a valid fixture proves nothing
      const faults = samples.flatMap((sample: AnyResource) => faultsOf(sample, profile, known));
      expect(missed(faults)).toEqual([]);
      expect(distinct(faults.filter(({ kind }) => !ofForm.test(kind))).size).toBeGreaterThanOrEqual(10);
      expect(
        new Set(faults.map(({ kind }) => kind.replace(/ rule .*| without .*/, ''))).size,
      ).toBeGreaterThan(8);
    },
  );

  it.each(carried.map((one) => [one.id, one] as const))(
    'of the extension %s are refused where they are',
    (_id, definition) => {
      const all = resources.flatMap((one) => extensionFaultsOf(one, definition, known));
      const faults = all.filter(({ kind, path }) => kind !== 'another fixed value' || !path.endsWith('.url')); // it is another extension then
      expect(missed(faults)).toEqual([]);
      expect(distinct(faults).size).toBeGreaterThanOrEqual(10);
    },
  );
});
