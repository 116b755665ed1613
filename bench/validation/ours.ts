/** Our validator, and its invariants alone, by closures and by fhirpath.js. */
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { writeStandalone } from '../../scripts/standalone.ts';
import type { AnyResource } from '../../src/fhir/types.ts';
import type { CompiledDefinitions } from '../../src/validation/compile.ts';
import { createFhirPath } from '../../src/validation/fhirpath/library.ts';
import { ruleOf } from '../../src/validation/fhirpath/rule.ts';
import { partsWithin } from '../../src/validation/parts.ts';
import { type Standalone, standaloneChecks } from '../../src/validation/schema-check.ts';
import { createValidator, type Validator } from '../../src/validation/validator.ts';

const file = join(import.meta.dirname, '../../profiles/schemas.json');
const read = (): CompiledDefinitions => JSON.parse(readFileSync(file, 'utf8')) as CompiledDefinitions;

/** A validator that has seen every resource once, with what reading and this first time cost. */
export type Ours = { validator: Validator; loadMs: number; firstMs: number };

/** Ours as in a checkout: schemas are compiled when needed. */
export async function createOurs(resources: readonly AnyResource[]): Promise<Ours> {
  return started(resources, async (definitions) => createValidator(definitions, createFhirPath()));
}

/** Ours as in the package: schemas are code made beforehand, whose making is not counted. */
export async function createBuilt(resources: readonly AnyResource[]): Promise<Ours> {
  const folder = await mkdtemp(join(tmpdir(), 'passerelle-bench-'));
  try {
    const checks = join(folder, 'checks.js');
    await writeStandalone(checks);
    return await started(resources, async (definitions) => {
      const functions = (await import(pathToFileURL(checks).href)) as Standalone;
      return createValidator(definitions, createFhirPath(), standaloneChecks(functions));
    });
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function started(
  resources: readonly AnyResource[],
  create: (definitions: CompiledDefinitions) => Promise<Validator>,
): Promise<Ours> {
  const start = performance.now();
  const validator = await create(read());
  const loadMs = performance.now() - start;
  resources.forEach((resource) => validator.validate(resource));
  return { validator, loadMs, firstMs: performance.now() - start - loadMs };
}

type Pass = { items: number; run: () => void };

/** Every invariant of the types in valid resources on every node it belongs to, by closures and by fhirpath.js. */
export function rulePasses(resources: readonly AnyResource[]): { closures: Pass; fhirpath: Pass } {
  const definitions = read();
  const library = createFhirPath();
  const questions = resources.flatMap((resource) => {
    const environment = { resource, root: resource };
    const nodes = [
      { value: resource as unknown, type: resource.resourceType },
      ...partsWithin(resource, definitions.shapes),
    ];
    return nodes
      .filter(({ value }) => typeof value === 'object' && value !== null)
      .flatMap(({ value, type }) =>
        (definitions.invariants.types[type] ?? []).map(({ expression }) => {
          return {
            value,
            type,
            expression,
            environment,
            rule: ruleOf(expression, type, definitions, library),
          };
        }),
      );
  });
  const items = questions.length;
  return {
    closures: {
      items,
      run: () => questions.forEach(({ rule, value, environment }) => rule(value, environment)),
    },
    fhirpath: {
      items,
      run: () => questions.forEach((q) => library(q.value, q.type, q.expression, q.environment)),
    },
  };
}
