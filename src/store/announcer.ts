/**
 * Tells whoever waits for outbox items that some were committed: this gateway at once, others by `NOTIFY`. PostgreSQL lets
 * transactions that notify commit one after the other, so the work's own does not: others are told right after, once for many.
 * A hint only (polling catches up), so a process that ends in between loses nothing.
 */
import { setTimeout as sleep } from 'node:timers/promises';

export type Announcer = {
  /** Something was committed. */
  say: () => void;
  /** Calls back at each of this process's own announcements; answers the way to stop. */
  hear(wake: () => void): () => void;
  /** Waits until the others have been told. */
  end(): Promise<void>;
};

/** Others are told at once, and again no sooner than this. */
const pauseMs = 50;

/** `tellOthers` notifies; it may fail. */
export function createAnnouncer(tellOthers: () => Promise<unknown>): Announcer {
  const heard = new Set<() => void>();
  const ended = new AbortController();
  let running: Promise<void> | undefined;
  let again = false;

  async function tell(): Promise<void> {
    do {
      again = false;
      await tellOthers().catch(() => undefined); // who was not told looks by itself
      await sleep(pauseMs, undefined, { ref: false, signal: ended.signal }).catch(() => undefined);
    } while (again);
    running = undefined;
  }

  return {
    say() {
      for (const wake of heard) wake();
      if (running) again = true;
      else running = tell();
    },
    hear(wake) {
      heard.add(wake);
      return () => void heard.delete(wake);
    },
    async end() {
      ended.abort();
      await running;
    },
  };
}
