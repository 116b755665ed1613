import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freshDatabase, type TestDatabase } from '../database.ts';

describe('settings', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await freshDatabase();
  });

  afterAll(() => database.close());

  it('are made once, by the first that asks', async () => {
    const { settings } = database.store;
    expect(await settings.get('secret')).toBeUndefined();
    expect(await settings.getOrCreate('secret', () => 'first')).toBe('first');
    expect(await settings.getOrCreate('secret', () => 'second')).toBe('first');
    expect(await settings.get('secret')).toBe('first');
  });

  it('are one for all that ask together', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        database.store.settings.getOrCreate('together', () => `made by ${n}`),
      ),
    );
    expect(new Set(answers).size).toBe(1);
  });

  it('keep any JSON, also lists and null', async () => {
    for (const value of [null, [1, ['two']], { a: { b: false } }, '', 0]) {
      const name = JSON.stringify(value);
      expect(await database.store.settings.getOrCreate(name, () => value)).toEqual(value);
      expect(await database.store.settings.get(name)).toEqual(value);
    }
  });
});
