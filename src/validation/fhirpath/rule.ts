/** A constraint as a function: closures where it is of the subset and the values are, fhirpath.js otherwise. */
import type { Model } from '../base-schema.ts';
import { compileExpression } from './compile.ts';
import type { Holds } from './library.ts';
import { type Environment, outside } from './values.ts';

/** True when a constraint holds for a node; one that answers nothing does not, as for HL7's and HAPI's validators. */
export type Rule = (node: unknown, environment: Environment) => boolean;

/**
 * R4's ref-1, which answers nothing where there is no literal reference, and takes `#`, the container (§2.3.0.1), for the id of a
 * contained resource; R5 mends both.
 */
const localReference = /^reference\.startsWith\('#'\)\.not\(\) or /;

/** The rule of an expression on values of an R4 type. */
export function ruleOf(written: string, type: string, model: Model, library: Holds): Rule {
  const expression = localReference.test(written)
    ? `reference.empty() or reference = '#' or (${written})`
    : written;
  const truth = compileExpression(expression, type, model)?.truth;
  const byLibrary: Rule = (node, environment) => library(node, type, expression, environment);
  if (!truth) return byLibrary;
  return (node, environment) => {
    try {
      return truth(node, environment) === true;
    } catch (error) {
      if (error !== outside) throw error;
      return byLibrary(node, environment);
    }
  };
}
