/** The schemas made code when the program is built say what the schemas compiled here say. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { writeStandalone } from '../../scripts/standalone.ts';
import { createKnowledge, shippedFolders } from '../../src/gateway/knowledge.ts';
import type { CompiledDefinitions } from '../../src/validation/compile.ts';
import { createFhirPath } from '../../src/validation/fhirpath/library.ts';
import { type Standalone, standaloneChecks } from '../../src/validation/schema-check.ts';
import { createValidator, type Validator } from '../../src/validation/validator.ts';
import { testValidator } from '../validator.ts';
import { mutantsOf } from './mutants.ts';
import { readSamples } from './samples.ts';

const folder = mkdtempSync(join(tmpdir(), 'passerelle-standalone-'));
const file = join(folder, 'checks.js');
afterAll(() => rmSync(folder, { recursive: true }));

let built: Validator;
let compiled: Validator;
let functions: Standalone;
beforeAll(async () => {
  await writeStandalone(file);
  functions = (await import(pathToFileURL(file).href)) as Standalone;
  const definitions = JSON.parse(readFileSync('profiles/schemas.json', 'utf8')) as CompiledDefinitions;
  built = createValidator(definitions, createFhirPath(), standaloneChecks(functions));
  compiled = await testValidator();
}, 60_000);

describe('schemas as code', () => {
  it('find the same in every fixture and in single changes of it', () => {
    const { resources } = readSamples();
    const all = [...resources, ...resources.flatMap((one) => mutantsOf(one).map(({ resource }) => resource)).filter((_one, n) => n % 11 === 0)]; // prettier-ignore
    for (const resource of all) expect(built.validate(resource)).toEqual(compiled.validate(resource));
    expect(all.length).toBeGreaterThan(500);
  });

  it.each([
    ['are used by a program with the very schemas they were made of', true],
    ['are left aside by a program with others', false],
  ])('%s', async (_name, same) => {
    const madeOf = same ? String(functions['madeOf']) : '0'.repeat(64);
    const checks = join(folder, `${madeOf.slice(0, 8)}.js`);
    writeFileSync(checks, `export const madeOf = '${madeOf}'; export const Organization = () => true;`);
    const shipped = shippedFolders(new URL('../../src/main.ts', import.meta.url).href);
    const validator = await createKnowledge({ ...shipped, checks }).validator();
    const issues = validator.validate({ resourceType: 'Organization', name: 'CH', active: 'yes' });
    expect(issues.length > 0).toBe(!same); // what stands there instead of a check accepts everything
  });
});
