import { deliveryStoreContract } from '../contracts/delivery-store.ts';
import { freshDatabase } from '../database.ts';

deliveryStoreContract('PostgreSQL', async () => {
  const database = await freshDatabase();
  const { store } = database;
  const ids = async (tenant: string): Promise<number[]> => {
    const rows = store.db.selectFrom('outbox').where('tenant', '=', tenant).select('id').orderBy('id');
    return (await rows.execute()).map(({ id }) => id);
  };
  return { store, ids, close: () => database.close() };
});
