import type { Validator } from './validator.ts';

/**
 * A validator that is made by the first question put to it: some 30 MiB of schemas and their code, which a gateway that
 * nobody has written to yet does without.
 */
export function lateValidator(make: () => Validator): Validator {
  let made: Validator | undefined;
  const validator = (): Validator => (made ??= make());
  return {
    validate: (resource, profiles, sound) => validator().validate(resource, profiles, sound),
    get profiles() {
      return validator().profiles;
    },
    get resourceTypes() {
      return validator().resourceTypes;
    },
  };
}
