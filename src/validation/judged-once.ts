/** What the edge found sound is not judged again by the room that it hands the very same object to. */
import type { Issue } from '../fhir/issue.ts';
import type { AnyResource } from '../fhir/types.ts';
import type { Validator } from './validator.ts';

export type JudgedOnce = {
  /** Judges whatever came from outside. */
  first: (resource: AnyResource, profiles?: readonly string[]) => Issue[];
  /** Judges what came through `first`, and was not changed since, by what it was not judged by there. */
  again: (resource: AnyResource, profiles: readonly string[]) => Issue[];
};

/** The two over one validator. Only objects are remembered, no content, and no longer than somebody else holds them. */
export function judgedOnce(validator: Validator): JudgedOnce {
  const sound = new WeakMap<object, ReadonlySet<string>>();
  return {
    first: (resource, profiles) =>
      validator.validate(resource, profiles, (one, judgedBy) => void sound.set(one, judgedBy)),
    again(resource, profiles) {
      const judgedBy = sound.get(resource);
      if (judgedBy && profiles.every((profile) => judgedBy.has(profile))) return [];
      return validator.validate(resource, profiles);
    },
  };
}
