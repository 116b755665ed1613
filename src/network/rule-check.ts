import type { Json, JsonObject } from '../fhir/types.ts';
import type { Rule, RuleOf } from './rule.ts';

/** Where a rule is broken, and the value its message may quote. */
export type Breach = { pointer: string; value?: Json | undefined };

/** A rule of one form applied to the data of a network on a day (`YYYY-MM-DD`). */
export type Check<Name extends Rule['rule']> = (data: JsonObject, rule: RuleOf<Name>, at: string) => Breach[];
