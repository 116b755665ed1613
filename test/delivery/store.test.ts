import { deliveryStoreContract } from '../contracts/delivery-store.ts';
import { freshDatabase } from '../database.ts';

deliveryStoreContract('PostgreSQL', async () => {
  const database = await freshDatabase();
  return { store: database.store, close: () => database.close() };
});
