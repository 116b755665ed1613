/** Time, ids and randomness are arguments (rule 5): tests need no patching and the delivery core can be simulated. */
import { randomBytes, randomUUID } from 'node:crypto';

export type Clock = {
  /** Now, in milliseconds since the epoch. */
  now(): number;
  /** Resolves after `ms`, or at once when the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
};

export type Ids = {
  /** A random id, fit as FHIR logical id. */
  uuid(): string;
  /** A fraction in [0, 1), for jitter. */
  fraction(): number;
};

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const timer = setTimeout(done, ms);
      signal?.addEventListener('abort', done, { once: true });
      function done(): void {
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        resolve();
      }
    }),
};

/** Cryptographic randomness. */
export const systemIds: Ids = {
  uuid: () => randomUUID(),
  fraction: () => randomBytes(4).readUInt32BE() / 2 ** 32,
};
