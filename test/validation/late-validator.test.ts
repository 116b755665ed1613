import { expect, it } from '@jest/globals';
import { lateValidator } from '../../src/validation/late-validator.ts';
import { testValidator } from '../validator.ts';

it('a late validator is made once, by the first question, and answers as the one it makes', async () => {
  const real = await testValidator();
  let made = 0;
  const late = lateValidator(() => {
    made += 1;
    return real;
  });
  expect(made).toBe(0);
  const wrong = { resourceType: 'Organization', active: 'oui' };
  expect(late.validate(wrong)).toEqual(real.validate(wrong));
  expect(late.validate(wrong, late.profiles.slice(0, 1))).toEqual(
    real.validate(wrong, real.profiles.slice(0, 1)),
  );
  expect(late.resourceTypes).toBe(real.resourceTypes);
  expect(made).toBe(1);
});
