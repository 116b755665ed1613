/** FHIRPath by fhirpath.js, each expression compiled once. */
import { createRequire } from 'node:module';
import type FhirPath from 'fhirpath';
import type R4 from 'fhirpath/fhir-context/r4';
import type { Holds } from './invariants.ts';

type Compiled = (resource: unknown, environment?: Record<string, unknown>) => unknown[];

/**
 * `traceFn`: some R4 invariants call `trace()`, whose output would be patient data on standard output.
 * `resolve`: nothing is fetched while validating; an invariant then holds for what cannot be seen (ctm-1).
 */
const options = {
  traceFn: () => undefined,
  userInvocationTable: { resolve: { fn: () => [], arity: { 0: [] } } },
};

/** A function that evaluates constraints with the R4 model: one that answers nothing holds, one that fails does not. */
export function createFhirPath(): Holds {
  let loaded: Library | undefined;
  const compiled = new Map<string, Compiled>();
  return (node, type, expression, resource) => {
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
    try {
      const result = evaluate(node, { resource, rootResource: resource });
      return result.length === 0 || result[0] === true;
    } catch {
      return false; // values of the wrong kind, which an expression cannot compare: the message would hold them
    }
  };
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
