/** Notifications of hospitals' servers, made few: while a server is being asked, any number of hints is one more look. */
import type { Clock } from '../clock.ts';
import { errorFields, type Log } from '../log.ts';

export type HintParts = { look: (server: string) => Promise<void>; clock: Clock; log: Log };

/** A second look at the same server waits so long after the first began: a storm of hints stays one look a second. */
const pauseMs = 1000;

/** Answers the function that takes hints; it never throws and never waits. `stop` ends the looks to come. */
export function createHints({ look, clock, log }: HintParts): {
  hint: (server: string) => void;
  stop(): Promise<void>;
} {
  const wanted = new Set<string>();
  const looking = new Map<string, Promise<void>>();
  const stopped = new AbortController();

  async function run(server: string): Promise<void> {
    while (wanted.delete(server) && !stopped.signal.aborted) {
      const again = clock.sleep(pauseMs, stopped.signal);
      await look(server).catch((error: unknown) =>
        log.warn('notification.look-failed', { server, ...errorFields(error) }),
      );
      await again;
    }
    looking.delete(server);
  }

  return {
    hint(server) {
      wanted.add(server);
      if (!looking.has(server)) looking.set(server, run(server));
    },
    async stop() {
      stopped.abort();
      await Promise.all(looking.values());
    },
  };
}
