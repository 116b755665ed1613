/** The database a gateway or a command works on: a server's by URL, or the embedded one with its one owner (rule 9). */
import { randomBytes } from 'node:crypto';
import type { Config } from '../config.ts';
import type { Log } from '../log.ts';
import { startEmbedded } from '../store/embedded.ts';
import { migrate } from '../store/migrate.ts';
import { takeFolder } from '../store/owner.ts';
import { openStore, type Store } from '../store/store.ts';

export type Database = {
  store: Store;
  /** Migrations run just now. */
  migrated: string[];
  /** Token for command lines beside this process; absent with a database server. */
  ownerToken: string | undefined;
  /** Makes the admin address known to command lines beside this process. */
  announce(adminUrl: string): Promise<void>;
  close(): Promise<void>;
};

/** Opens the database, takes the folder when it is embedded, and brings the tables up to date. */
export async function openDatabase(config: Config, log: Log): Promise<Database> {
  if (config.databaseUrl) {
    const store = openStore(config.databaseUrl);
    const migrated = await migrate(store.db).catch((error: unknown) => closeAndThrow(store, error));
    return {
      store,
      migrated,
      ownerToken: undefined,
      announce: async () => undefined,
      close: () => store.close(),
    };
  }
  const token = randomBytes(24).toString('base64url');
  const held = await takeFolder(config.folder, { token });
  try {
    const postgres = await startEmbedded(config.folder, log);
    const store = openStore(postgres.url);
    const close = async (): Promise<void> => {
      await store.close();
      await postgres.stop();
      await held.release();
    };
    const migrated = await migrate(store.db).catch(async (error: unknown) => {
      await close();
      throw error;
    });
    return { store, migrated, ownerToken: token, announce: (url) => held.announce(url), close };
  } catch (error) {
    await held.release();
    throw error;
  }
}

async function closeAndThrow(store: Store, error: unknown): Promise<never> {
  await store.close();
  throw error;
}
