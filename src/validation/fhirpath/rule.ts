/** A constraint as a function: closures where it is of the subset and the values are, fhirpath.js otherwise. */
import type { Model } from '../base-schema.ts';
import { compileExpression } from './compile.ts';
import type { Holds } from './library.ts';
import { type Environment, outside } from './values.ts';

/** True when a constraint holds for a node; one that answers nothing holds. */
export type Rule = (node: unknown, environment: Environment) => boolean;

/** The rule of an expression on values of an R4 type. */
export function ruleOf(expression: string, type: string, model: Model, library: Holds): Rule {
  const truth = compileExpression(expression, type, model)?.truth;
  const byLibrary: Rule = (node, environment) => library(node, type, expression, environment);
  if (!truth) return byLibrary;
  return (node, environment) => {
    try {
      return truth(node, environment) !== false;
    } catch (error) {
      if (error !== outside) throw error;
      return byLibrary(node, environment);
    }
  };
}
