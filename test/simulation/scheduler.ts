/**
 * Virtual time and the order of everything: what happens next is what is due first, and delays are drawn from the seed.
 * A process is what a kill ends: nothing it waits for ever answers, what it sent is under way all the same.
 */
import type { Clock } from '../../src/clock.ts';
import type { Random } from '../reliability/random.ts';

export type Process = {
  name: string;
  alive: boolean;
  /** Suspended until then: nothing of it runs, and what it waits for comes when it wakes (SIGSTOP, a paused machine). */
  frozenUntil: number;
  /** How far its clock is ahead of the true time, in milliseconds. */
  skewMs: number;
  clock: Clock;
  /** Called once when it is killed. */
  onKill: (() => void)[];
};

/** Where a process is killed: at its n-th call through a port, before the call has any effect or after. */
export type CrashPoint = { call: number; when: 'before' | 'after' };

export type Scheduler = {
  readonly random: Random;
  now(): number;
  process(name: string, skewMs?: number): Process;
  kill(process: Process): void;
  freeze(process: Process, ms: number): void;
  /** Something that happens at a time, whoever is alive by then. */
  at(time: number, run: () => void): void;
  /** A call through a port: `effect` happens after a delay, its outcome arrives after another. */
  call<T>(process: Process, effect: () => T, delays?: { there: number; back: number }): Promise<T>;
  /** Calls through ports so far. */
  calls(): number;
  /** Was the crash point reached? */
  crashed(): boolean;
  /** Runs until `done` or until the time is over; answers whether it was done. */
  run(done: () => boolean, until: number): Promise<boolean>;
};

type Due = { at: number; order: number; run: () => void };

const start = Date.UTC(2026, 0, 5, 8);

export function createScheduler(random: Random, crash?: CrashPoint): Scheduler {
  let time = start;
  let order = 0;
  let calls = 0;
  let crashed = false;
  const queue: Due[] = [];

  const at = (when: number, run: () => void): void => {
    order += 1;
    const due = { at: Math.max(when, time), order, run };
    let index = queue.length;
    while (index > 0 && isAfter(queue[index - 1]!, due)) index -= 1;
    queue.splice(index, 0, due);
  };

  const kill = (process: Process): void => {
    if (!process.alive) return;
    process.alive = false;
    for (const told of process.onKill) told();
  };

  /** Goes on in a process: never in a dead one, later in a frozen one. */
  const reach = (one: Process, go: () => void): void => {
    if (!one.alive) return;
    if (one.frozenUntil > time) return at(one.frozenUntil, () => reach(one, go));
    go();
  };

  const process = (name: string, skewMs = 0): Process => {
    const one: Process = { name, alive: true, frozenUntil: 0, skewMs, onKill: [], clock: undefined as never };
    one.clock = {
      now: () => time + skewMs,
      sleep: (ms, signal) =>
        new Promise((resolve) => {
          const wake = (): void => reach(one, resolve);
          if (signal?.aborted) return wake();
          at(time + ms, wake);
          signal?.addEventListener('abort', wake, { once: true });
        }),
    };
    return one;
  };

  return {
    random,
    process,
    kill,
    freeze: (one, ms) => void (one.frozenUntil = Math.max(one.frozenUntil, time + ms)),
    at,
    now: () => time,
    calls: () => calls,
    crashed: () => crashed,

    call(caller, effect, delays) {
      calls += 1;
      const here = calls;
      const hits = (when: CrashPoint['when']): boolean => crash?.call === here && crash.when === when;
      const there = delays?.there ?? random.fraction() * 3;
      const back = delays?.back ?? random.fraction() * 3;
      return new Promise((resolve, reject) => {
        if (!caller.alive) return;
        if (hits('before')) {
          crashed = true;
          return kill(caller);
        }
        at(time + there, () => {
          let outcome: () => void;
          try {
            const value = effect();
            outcome = () => resolve(value);
          } catch (error) {
            const failure = error as Error;
            outcome = () => reject(failure);
          }
          if (hits('after')) {
            crashed = true;
            kill(caller);
          }
          at(time + back, () => reach(caller, outcome));
        });
      });
    },

    async run(done, until) {
      for (;;) {
        await new Promise(setImmediate); // every continuation of what happened has run by then
        if (done()) return true;
        const next = queue[0];
        if (!next || next.at > until) return false;
        queue.shift();
        time = Math.max(time, next.at);
        next.run();
      }
    },
  };
}

function isAfter(one: Due, other: Due): boolean {
  return one.at > other.at || (one.at === other.at && one.order > other.order);
}
