/** Values the deployment makes once and keeps, such as the secret behind clinical ids (identity.md, Keys and ids). */
import type { Json } from '../fhir/types.ts';
import type { Db } from './store.ts';

export type SettingsRepository = ReturnType<typeof settingsRepository>;

/** Settings by name, on the pool or in a transaction. */
export function settingsRepository(db: Db) {
  const read = async (name: string): Promise<Json | undefined> => {
    const row = await db.selectFrom('setting').select('value').where('name', '=', name).executeTakeFirst();
    return row?.value;
  };
  return {
    get: read,

    /** The value under this name; the first of several that ask together makes it, and all get that one. */
    async getOrCreate<T extends Json>(name: string, make: () => T): Promise<T> {
      const found = await read(name);
      if (found !== undefined) return found as T;
      await db
        .insertInto('setting')
        .values({ name, value: JSON.stringify(make()) })
        .onConflict((conflict) => conflict.column('name').doNothing())
        .execute();
      return (await read(name)) as T;
    },
  };
}
