import type { Store } from '../../src/store/store.ts';

/** A store that dies at its n-th call, like a process that is killed: neither that call nor any later one is answered. */
export type DyingStore = { store: Store; dead: boolean; calls: number };

/** `after`: the n-th call is still done, but nobody hears of it. */
export function dyingStore(store: Store, n: number, after = false): DyingStore {
  const life: DyingStore = { store: proxy(store), dead: false, calls: 0 };
  return life;

  function proxy<T extends object>(target: T): T {
    return new Proxy(target, {
      get(from, name) {
        const value: unknown = Reflect.get(from, name);
        if (name === 'db' || name === 'then') return value;
        if (typeof value === 'function') return call(value.bind(from) as Call, name);
        return typeof value === 'object' && value !== null ? proxy(value) : value;
      },
    });
  }

  type Call = (...args: unknown[]) => unknown;

  function call(work: Call, name: string | symbol): Call {
    if (name === 'seen')
      return (...args) => {
        strike();
        return work(...args);
      };
    if (name === 'transaction')
      return async (inner) => {
        const done = await work((tx: object) => (inner as (tx: object) => unknown)(proxy(tx)));
        if (life.dead) throw new Error('killed');
        return done;
      };
    return async (...args) => {
      const last = strike(after);
      const answer = await work(...args);
      if (last) throw new Error('killed');
      return answer;
    };
  }

  /** True when this call is the last one and is to be done. */
  function strike(doLast = false): boolean {
    if (life.dead) throw new Error('killed');
    life.calls += 1;
    if (life.calls < n) return false;
    life.dead = true;
    if (!doLast) throw new Error('killed');
    return true;
  }
}
