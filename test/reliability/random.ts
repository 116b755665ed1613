/** Chance that can be repeated: the same seed gives the same numbers in the same order. */
export type Random = {
  /** In [0, 1). */
  fraction(): number;
  /** A whole number from 0 to `limit` − 1. */
  below(limit: number): number;
  /** True with this probability. */
  chance(probability: number): boolean;
  pick<T>(list: readonly T[]): T;
};

/** The generator mulberry32: 32 bits of state, enough to choose moments and faults. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  const fraction = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(fraction() * limit);
  return {
    fraction,
    below,
    chance: (probability) => fraction() < probability,
    pick: (list) => list[below(list.length)]!,
  };
}
