import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Issue } from '../../src/fhir/issue.ts';
import type { Validator } from '../../src/validation/validator.ts';
import { freshDatabase, type TestDatabase } from '../database.ts';
import { testValidator } from '../validator.ts';
import { ids, seedPublished, seedReferral } from './seed.ts';
import { basic, type RunningApi, startApi } from './start-api.ts';

let database: TestDatabase;
let api: RunningApi;
let validator: Validator;

beforeAll(async () => {
  validator = await testValidator();
  database = await freshDatabase();
  await seedPublished(database.store);
  await seedReferral(database.store);
  api = await startApi(database.store);
});
afterAll(async () => {
  await api.close();
  await database.close();
});

describe('what the API itself writes', () => {
  it.each([
    'metadata',
    'Organization?_count=1',
    'Location',
    'Task/_history',
    `Task/${ids.task}/_history`,
    'Task/pas-none',
    'nothing',
  ])('conforms to R4: %s', async (path) => {
    const answer = await fetch(`${api.url}/fhir/${path}`, { headers: basic('reader') });
    const errors = (issues: Issue[]) => issues.filter(({ severity }) => severity === 'error');
    expect(errors(validator.validate(await answer.json()))).toEqual([]);
  });
});
