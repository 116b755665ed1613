/** Hears of new outbox items. A hint only: polling catches up, so nothing is lost while nobody listens. */
import pg from 'pg';
import { outboxChannel } from './outbox.ts';

const againMs = 1_000;

/**
 * Calls back whenever another gateway than `own` says that it committed outbox items, also after the database was
 * restarted; answers the way to stop. Throws when the database cannot be reached at first.
 */
export async function listen(url: string, own: string, wake: () => void): Promise<() => Promise<void>> {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let client = await connect();

  async function connect(): Promise<pg.Client> {
    const next = new pg.Client({ connectionString: url });
    next.on('notification', ({ payload }) => void (payload === own || wake()));
    next.on('error', () => undefined); // 'end' follows
    try {
      await next.connect();
      await next.query(`listen ${outboxChannel}`);
    } catch (error) {
      await next.end().catch(() => undefined);
      throw error;
    }
    next.once('end', connectAgain);
    return next;
  }

  function connectAgain(): void {
    if (stopped) return;
    timer = setTimeout(() => {
      connect().then((next) => {
        client = next;
        if (stopped) void next.end();
        wake(); // for what was announced meanwhile
      }, connectAgain);
    }, againMs).unref();
  }

  return async () => {
    stopped = true;
    clearTimeout(timer);
    await client.end().catch(() => undefined);
  };
}
