import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sql } from 'kysely';
import { folded } from '../../src/fhir/folded.ts';
import { folded as foldedSql, foldedAscii } from '../../src/store/folded.ts';
import { europeanNames, names } from '../names.ts';
import { freshDatabase, type TestDatabase } from '../database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database.close());

describe('texts folded by the database', () => {
  it('are what the program makes of them, in the alphabets of Europe', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(europeanNames, { minLength: 1, maxLength: 50 }), async (texts) => {
        const { rows } = await sql<{ folded: string }>`
          select ${foldedSql(sql`t`)} as folded from unnest(${texts}::text[]) with ordinality u (t, n) order by n`.execute(
          database.store.db,
        );
        expect(rows.map((row) => row.folded)).toEqual(texts.map(folded));
      }),
      { numRuns: 40 },
    );
  });

  it('have the same letters and digits of ASCII in any alphabet', async () => {
    const ascii = (text: string): string => folded(text).replaceAll(/[^\u0001-\u007f]/gu, '');
    await fc.assert(
      fc.asyncProperty(fc.array(names, { minLength: 1, maxLength: 50 }), async (texts) => {
        const { rows } = await sql<{ folded: string }>`
          select ${foldedAscii(sql`t`)} as folded from unnest(${texts}::text[]) with ordinality u (t, n) order by n`.execute(
          database.store.db,
        );
        expect(rows.map((row) => row.folded)).toEqual(texts.map(ascii));
      }),
      { numRuns: 40 },
    );
  });
});
