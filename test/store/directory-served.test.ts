import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sql } from 'kysely';
import { heldSystems, longKey, shortKey } from '../../src/directory/keys.ts';
import { logicalId } from '../../src/fhir/key.ts';
import { numberOf } from '../../src/store/directory-served-criteria.ts';
import { freshDatabase, type TestDatabase } from '../database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database.close());

describe('functions of the database that name held records', () => {
  it('say of every key what longKey and logicalId say', async () => {
    const system = fc.oneof(fc.constantFrom(...heldSystems), fc.constantFrom('urn:x', 'https://a.example/é'));
    const value = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 30 })
      .filter((text) => !text.includes('\0'));
    await fc.assert(
      fc.asyncProperty(system, value, async (one, text) => {
        const key = `${one}|${text.toWellFormed()}`;
        const short = shortKey(key);
        const { rows } = await sql<{ long: string; id: string; number: number }>`
          select directory_long_key(${short}) as long, directory_id('Organization', ${short}) as id,
            directory_number('Organization', ${short})::text as number`.execute(database.store.db);
        const id = logicalId('Organization', key);
        expect(rows[0]).toEqual({ long: longKey(short), id, number: numberOf(id) });
      }),
      { numRuns: 200 },
    );
  });

  it('give no number to what is no id of ours', () => {
    for (const id of ['', 'pas-', 'pas-1', 'x'.repeat(36), `pas-${'g'.repeat(32)}`])
      expect(numberOf(id)).toBe('0');
  });
});
