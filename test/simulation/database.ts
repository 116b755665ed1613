/**
 * A database in memory with the semantics that the delivery core relies on: a transaction's writes are seen by others
 * only once committed, all of them or none; a row that a transaction wrote is locked until it ends; a killed process's
 * open transactions are rolled back; an answer may be lost although the commit was not. Its clock is the true time.
 */
import type { Process, Scheduler } from './scheduler.ts';

export type Row = Record<string, unknown>;

/** Rows of all tables by table and key; `session` sees its own writes before others do. */
export type Session = {
  get(table: string, key: string): Row | undefined;
  all(table: string): [string, Row][];
  /** Undefined row: deleted. Call `lockedByOther` first. */
  put(table: string, key: string, row: Row): void;
  /** Written by an open transaction of somebody else. */
  lockedByOther(table: string, key: string): boolean;
  nextId(): number;
  announce(): void;
};

export type DatabaseFaults = { refuse: number; loseCommitAnswer: number };

export type Database = {
  /** One statement in a transaction of its own. */
  statement<T>(caller: Process, work: (session: Session) => T | Blocked): Promise<T>;
  transaction<T>(caller: Process, work: (open: OpenTransaction) => Promise<T>): Promise<T>;
  listen(caller: Process, wake: () => void): () => void;
  /** What is committed, read from outside the simulated world. */
  committed(table: string): Row[];
  faults: DatabaseFaults;
};

export type OpenTransaction = { statement: <T>(work: (session: Session) => T | Blocked) => Promise<T> };

/** A statement has to wait for a row that somebody else holds; it is tried again. */
export const blocked = Symbol('blocked');
export type Blocked = typeof blocked;

type Transaction = { owner: Process; writes: Map<string, Row>; announced: boolean };

export function createDatabase(scheduler: Scheduler, down: () => Error): Database {
  const tables = new Map<string, Row>();
  const open = new Set<Transaction>();
  const listeners = new Set<{ owner: Process; wake: () => void }>();
  const faults: DatabaseFaults = { refuse: 0, loseCommitAnswer: 0 };
  let sequence = 0;

  const nameOf = (table: string, key: string): string => `${table}\n${key}`;

  const sessionOf = (transaction: Transaction): Session => {
    const read = (name: string): Row | undefined => transaction.writes.get(name) ?? tables.get(name);
    return {
      get: (table, key) => read(nameOf(table, key)),
      all(table) {
        const names = new Set([...tables.keys(), ...transaction.writes.keys()]);
        const own = [...names].filter((name) => name.startsWith(`${table}\n`));
        return own.map((name) => [name.slice(table.length + 1), read(name)!]);
      },
      put: (table, key, row) => void transaction.writes.set(nameOf(table, key), row),
      lockedByOther: (table, key) =>
        [...open].some((other) => other !== transaction && other.writes.has(nameOf(table, key))),
      nextId: () => (sequence += 1),
      announce: () => void (transaction.announced = true),
    };
  };

  const begin = (owner: Process): Transaction => {
    const transaction = { owner, writes: new Map<string, Row>(), announced: false };
    open.add(transaction);
    owner.onKill.push(() => open.delete(transaction));
    return transaction;
  };

  const commit = (transaction: Transaction): void => {
    if (!open.delete(transaction)) return; // rolled back when its process was killed
    for (const [name, row] of transaction.writes) tables.set(name, row);
    if (!transaction.announced) return;
    for (const { owner, wake } of listeners)
      scheduler.at(scheduler.now() + scheduler.random.fraction() * 5, () => {
        if (owner.alive) wake();
      });
  };

  const maybeRefuse = (): void => {
    if (scheduler.random.chance(faults.refuse)) throw down();
  };

  /** Runs until it is not blocked; nobody waits longer than the process of the lock lives. */
  async function run<T>(caller: Process, work: () => T | Blocked): Promise<T> {
    for (;;) {
      const outcome = await scheduler.call(caller, work);
      if (outcome !== blocked) return outcome;
    }
  }

  return {
    faults,

    statement: (caller, work) =>
      run(caller, () => {
        maybeRefuse();
        const transaction = begin(caller);
        const outcome = work(sessionOf(transaction));
        if (outcome === blocked) open.delete(transaction);
        else commit(transaction);
        return outcome;
      }),

    async transaction(caller, work) {
      const transaction = await run(caller, () => {
        maybeRefuse();
        return begin(caller);
      });
      try {
        const result = await work({
          statement: (statement) =>
            run(caller, () => {
              maybeRefuse();
              return statement(sessionOf(transaction));
            }),
        });
        await scheduler.call(caller, () => {
          commit(transaction);
          if (scheduler.random.chance(faults.loseCommitAnswer)) throw down();
        });
        return result;
      } catch (error) {
        open.delete(transaction);
        throw error;
      }
    },

    listen(caller, wake) {
      const listener = { owner: caller, wake };
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },

    committed: (table) => [...tables].filter(([name]) => name.startsWith(`${table}\n`)).map(([, row]) => row),
  };
}
