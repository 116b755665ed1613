/** The whole of FHIRPath by fhirpath.js, each expression compiled once: for what the subset does not have. */
import { createRequire } from 'node:module';
import type FhirPath from 'fhirpath';
import type R4 from 'fhirpath/fhir-context/r4';
import { parse } from './parse.ts';
import { NotInSubset } from './tokens.ts';
import type { Environment } from './values.ts';

/** True when an expression holds for a node of the given type. */
export type Holds = (node: unknown, type: string, expression: string, environment: Environment) => boolean;

type Compiled = (resource: unknown, environment?: Record<string, unknown>) => unknown[];

/**
 * `traceFn`: some R4 invariants call `trace()`, whose output would be patient data on standard output.
 * `resolve`: nothing is fetched while validating; an invariant then holds for what cannot be seen (ctm-1).
 */
const options = {
  traceFn: () => undefined,
  userInvocationTable: { resolve: { fn: () => [], arity: { 0: [] } } },
};

/** Evaluates an expression on a node of a type; throws for values that it cannot work with, which the error then holds. */
export type Evaluate = (
  node: unknown,
  type: string,
  expression: string,
  environment: Environment,
) => readonly unknown[];

/** An evaluator with the R4 model. */
export function createEvaluator(): Evaluate {
  let loaded: Library | undefined;
  const compiled = new Map<string, Compiled>();
  return (node, type, expression, { resource, root }) => {
    const { fhirpath, model } = (loaded ??= load());
    const key = `${type}\n${expression}`;
    let evaluate = compiled.get(key);
    if (!evaluate) {
      const isRoot = type === (node as { resourceType?: string }).resourceType;
      evaluate = (
        isRoot
          ? fhirpath.compile(expression, model, options)
          : fhirpath.compile({ base: type, expression }, model, options)
      ) as Compiled;
      compiled.set(key, evaluate);
    }
    return evaluate(node, { resource, rootResource: root });
  };
}

/** A function that judges constraints: one that answers nothing does not hold, as for HL7's and HAPI's validators. */
export function createFhirPath(): Holds {
  const evaluate = createEvaluator();
  return (...question) => {
    try {
      const result = evaluate(...question);
      return result[0] === true;
    } catch {
      return false; // values of the wrong kind, which an expression cannot compare: the message would hold them
    }
  };
}

/** True for text that is FHIRPath, of the subset or not. */
export function isFhirPath(expression: string): boolean {
  try {
    parse(expression);
    return true;
  } catch (error) {
    if (!(error instanceof NotInSubset)) throw error;
  }
  try {
    load().fhirpath.parse(expression);
    return true;
  } catch {
    return false;
  }
}

type Library = { fhirpath: typeof FhirPath; model: typeof R4 };

/** The heaviest part of validation, 15 MiB and 0.1 s, is loaded by the first rule; `import()` would make all rules wait. */
function load(): Library {
  const require = createRequire(import.meta.url);
  return {
    fhirpath: require('fhirpath') as typeof FhirPath,
    model: require('fhirpath/fhir-context/r4') as typeof R4,
  };
}
