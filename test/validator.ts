/** The validator over the committed definitions, loaded once a test file. */
import { readFileSync } from 'node:fs';
import type { CompiledDefinitions } from '../src/validation/compile.ts';
import { createFhirPath } from '../src/validation/fhirpath/library.ts';
import { createValidator, type Validator } from '../src/validation/validator.ts';

export async function testValidator(): Promise<Validator> {
  const definitions = JSON.parse(readFileSync('profiles/schemas.json', 'utf8')) as CompiledDefinitions;
  return createValidator(definitions, createFhirPath());
}
