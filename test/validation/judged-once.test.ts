import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import type { AnyResource, Bundle } from '../../src/fhir/types.ts';
import { judgedOnce } from '../../src/validation/judged-once.ts';
import type { Validator } from '../../src/validation/validator.ts';
import { testValidator } from '../validator.ts';

const patientProfile = 'https://passerelle.example/fhir/StructureDefinition/pas-referral-patient';

describe('what the edge found sound', () => {
  const referral = (): AnyResource =>
    JSON.parse(readFileSync('examples/referrals/coreso.json', 'utf8')) as AnyResource;
  const entriesOf = (bundle: AnyResource): AnyResource[] =>
    (bundle as unknown as Bundle).entry!.map(({ resource }) => resource as unknown as AnyResource);
  const counting = async () => {
    const asked: unknown[] = [];
    const validator = await testValidator();
    const validate: Validator['validate'] = (resource, profiles, sound) => {
      asked.push(resource);
      return validator.validate(resource, profiles, sound);
    };
    return { asked, judged: judgedOnce({ ...validator, validate }) };
  };

  it('is not judged again by what it was judged by, entry by entry', async () => {
    const { asked, judged } = await counting();
    const bundle = referral();
    expect(judged.first(bundle)).toEqual([]);
    for (const one of entriesOf(bundle)) expect(judged.again(one, one.meta?.profile ?? [])).toEqual([]);
    expect(asked).toEqual([bundle]);
  });

  it('is judged by a profile that it did not claim', async () => {
    const { asked, judged } = await counting();
    const bundle = referral();
    const patient = entriesOf(bundle).find(({ resourceType }) => resourceType === 'Patient')!;
    delete patient.meta;
    delete patient['name'];
    judged.first(bundle);
    expect(judged.again(patient, [patientProfile])).not.toEqual([]);
    expect(asked).toEqual([bundle, patient]);
  });

  it('is never what had an issue, or a copy', async () => {
    const { judged } = await counting();
    const bundle = referral();
    const task = entriesOf(bundle).find(({ resourceType }) => resourceType === 'Task')!;
    delete task['status'];
    expect(judged.first(bundle)).not.toEqual([]);
    expect(judged.again(task, [])).not.toEqual([]);
    const patient = entriesOf(bundle).find(({ resourceType }) => resourceType === 'Patient')!;
    expect(judged.again({ ...patient, gender: 'none' }, [])).not.toEqual([]);
  });
});
