/** FHIRPath by fhirpath.js, each expression compiled once. Loaded on first use: it is the heaviest part of validation. */
import type { Holds } from './invariants.ts';

type Compiled = (resource: unknown, environment?: Record<string, unknown>) => unknown[];

/** Some R4 invariants call `trace()`: its output would be patient data on standard output. */
const quiet = { traceFn: () => undefined };

/** A function that evaluates constraints with the R4 model; an expression that cannot be evaluated does not hold. */
export async function loadFhirPath(): Promise<Holds> {
  const { default: fhirpath } = await import('fhirpath');
  const { default: model } = await import('fhirpath/fhir-context/r4');
  const compiled = new Map<string, Compiled>();
  return (node, type, expression, resource) => {
    const key = `${type}\n${expression}`;
    let evaluate = compiled.get(key);
    if (!evaluate) {
      const path =
        type === (node as { resourceType?: string }).resourceType ? expression : { base: type, expression };
      evaluate = fhirpath.compile(path as string, model, quiet) as Compiled;
      compiled.set(key, evaluate);
    }
    const result = evaluate(node, { resource, rootResource: resource });
    return result.length === 0 || result[0] === true;
  };
}
