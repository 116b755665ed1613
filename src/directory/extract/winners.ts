/**
 * Which of several descriptions of one thing is kept, whatever the order of the lines: the one with the smallest digest. A
 * million things in a few tens of megabytes: digests of 64 bits in typed arrays.
 */
import type { Digest } from '../files/digest.ts';

export type Winners = {
  readonly size: number;
  /** Place of a thing; −1 when it is not there. */
  find(key: Digest): number;
  /** Offers the description that a line gives; the place of the thing. The same line may offer it again. */
  offer(key: Digest, description: Digest, line: number): number;
  /** Is this the description that is kept? */
  wins(place: number, description: Digest): boolean;
  /** The line whose description is kept: the first to offer it. */
  line(place: number): number;
  /** More than one description was offered. */
  contested(place: number): boolean;
  /** A mark of the caller's. */
  mark(place: number): void;
  marked(place: number): boolean;
  /** Nothing is offered or looked for any more: the keys, half of the memory, are let go. */
  seal(): void;
};

const contestedBit = 1;
const markBit = 2;

export function createWinners(expected = 1024): Winners {
  let capacity = 1;
  while (capacity < expected) capacity *= 2;
  let keys = new Uint32Array(capacity * 2);
  let best = new Uint32Array(capacity * 2);
  let lines = new Uint32Array(capacity);
  let flags = new Uint8Array(capacity);
  let slots = new Int32Array(capacity * 2).fill(-1);
  let size = 0;

  const slotOf = (high: number, low: number): number => {
    if (slots.length === 0) throw new Error('sealed: nothing is looked for any more');
    const mask = slots.length - 1;
    let slot = (low ^ Math.imul(high, 0x9e3779b1)) & mask;
    for (;;) {
      const place = slots[slot]!;
      if (place < 0 || (keys[place * 2] === high && keys[place * 2 + 1] === low)) return slot;
      slot = (slot + 1) & mask;
    }
  };
  const grow = (): void => {
    capacity *= 2;
    keys = larger(keys, new Uint32Array(capacity * 2));
    best = larger(best, new Uint32Array(capacity * 2));
    lines = larger(lines, new Uint32Array(capacity));
    flags = larger(flags, new Uint8Array(capacity));
    slots = new Int32Array(capacity * 2).fill(-1);
    for (let place = 0; place < size; place += 1)
      slots[slotOf(keys[place * 2]!, keys[place * 2 + 1]!)] = place;
  };
  const keep = (place: number, { high, low }: Digest, line: number): void => {
    best[place * 2] = high;
    best[place * 2 + 1] = low;
    lines[place] = line;
  };

  return {
    get size() {
      return size;
    },
    find: ({ high, low }) => slots[slotOf(high, low)]!,
    offer(key, description, line) {
      const slot = slotOf(key.high, key.low);
      const place = slots[slot]!;
      if (place < 0) {
        keys[size * 2] = key.high;
        keys[size * 2 + 1] = key.low;
        keep(size, description, line);
        slots[slot] = size;
        size += 1;
        if (size === capacity) grow();
        return size - 1;
      }
      const { high, low } = description;
      const kept = best[place * 2]!;
      const keptLow = best[place * 2 + 1]!;
      if (kept === high && keptLow === low) {
        if (line < lines[place]!) lines[place] = line;
        return place;
      }
      flags[place]! |= contestedBit;
      if (high < kept || (high === kept && low < keptLow)) keep(place, description, line);
      return place;
    },
    wins: (place, { high, low }) => best[place * 2] === high && best[place * 2 + 1] === low,
    line: (place) => lines[place]!,
    contested: (place) => (flags[place]! & contestedBit) !== 0,
    mark: (place) => void (flags[place]! |= markBit),
    marked: (place) => (flags[place]! & markBit) !== 0,
    seal() {
      keys = new Uint32Array(0);
      slots = new Int32Array(0);
    },
  };
}

function larger<T extends Uint32Array | Uint8Array>(from: T, into: T): T {
  into.set(from);
  return into;
}
