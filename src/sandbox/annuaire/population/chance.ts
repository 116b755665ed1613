/** Chance that can be repeated: numbers that follow from the seed alone, on any machine. */

/** A 32-bit number that follows from these four whole numbers: what a record is made of is drawn when it is asked for. */
export function draw(seed: number, stream: number, index: number, epoch = 0): number {
  let mixed = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 15) ^ stream, 0xc2b2ae35);
  mixed = Math.imul(mixed ^ (mixed >>> 13) ^ index, 0x27d4eb2f);
  mixed = Math.imul(mixed ^ (mixed >>> 15) ^ epoch, 0x165667b1);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x7feb352d);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x846ca68b);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** The same as a fraction in [0, 1). */
export function fraction(seed: number, stream: number, index: number, epoch = 0): number {
  return draw(seed, stream, index, epoch) / 2 ** 32;
}

/** Numbers one after the other, for the events of a day. */
export type Dice = {
  /** In [0, 1). */
  fraction(): number;
  /** A whole number from 0 to `limit` − 1. */
  below(limit: number): number;
  /** How many of `expected` happen: the whole part, and one more with the chance of the rest. */
  times(expected: number): number;
};

/** The generator mulberry32. */
export function createDice(seed: number): Dice {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    fraction: next,
    below: (limit) => Math.floor(next() * limit),
    times: (expected) => Math.floor(expected) + (next() < expected - Math.floor(expected) ? 1 : 0),
  };
}
