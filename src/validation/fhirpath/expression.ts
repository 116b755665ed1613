/** A compiled expression: closures for both ways of asking, and what is known of it beforehand. */
import { system, type Types } from './types.ts';
import { itemsOfTruth, type Many, type Truth, truth } from './values.ts';

export type Expression = {
  many: Many;
  /** The answer as one boolean; a collection is asked for its only item. */
  truth: Truth;
  /** True when the answer is a boolean of FHIRPath or nothing, whatever the resource holds. */
  isTruth: boolean;
  types: Types;
  /** True when fhirpath.js evaluates it without an error, whatever the resource holds: it may then be left out. */
  safe: boolean;
  /** The items, of an expression made of literals. */
  constant?: readonly unknown[];
};

/** An expression that answers a collection. */
export function manyExpression(many: Many, types: Types, safe: boolean): Expression {
  return { many, truth: (item, environment) => truth(many(item, environment)), isTruth: false, types, safe };
}

/** An expression that answers a boolean or nothing. */
export function truthExpression(value: Truth, safe: boolean): Expression {
  const many: Many = (item, environment) => itemsOfTruth(value(item, environment));
  return { many, truth: value, isTruth: true, types: system.boolean, safe };
}
