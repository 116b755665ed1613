/** Time of the directory: days of content run on it, at a speed of their own; quotas count on the clock underneath. */

export const dayMs = 86_400_000;

/** Instants in ms since 1970. The machine's clock, or a caller's for a simulated year. */
export type Clock = { now(): number };

export type DirectoryTime = {
  /** Instant in the directory, ms; what `Date` headers and `meta.lastUpdated` speak of. */
  now(): number;
  /** Whole days since the start. */
  day(): number;
  /** First instant of the directory, ms. */
  start: number;
  /** Puts the time forward; never back: a directory does not forget what it published. */
  advance(ms: number): void;
  speed(): number;
  /** Directory seconds for a second of the clock, from now on. */
  setSpeed(speed: number): void;
};

/** `start` is the first instant; a speed of 0 stands still until it is advanced. */
export function createDirectoryTime(clock: Clock, start: number, speed: number): DirectoryTime {
  let since = clock.now();
  let reached = start;
  let current = speed;
  const now = (): number => reached + Math.max(0, clock.now() - since) * current;
  const settle = (): void => {
    reached = now();
    since = clock.now();
  };
  return {
    now,
    day: () => Math.floor((now() - start) / dayMs),
    start,
    advance(ms) {
      settle();
      reached += Math.max(0, ms);
    },
    speed: () => current,
    setSpeed(next) {
      settle();
      current = next;
    },
  };
}
