/**
 * Which of several descriptions of one thing is kept, whatever the order of the lines: the one with the smallest digest. A
 * million things in a few tens of megabytes: digests of 64 bits in typed arrays.
 */

export type Digest = { high: number; low: number };

export type Winners = {
  readonly size: number;
  /** Place of a thing; −1 when it is not there. */
  find(key: Digest): number;
  /** Offers a description; the place of the thing. */
  offer(key: Digest, description: Digest): number;
  /** Is this the description that is kept? */
  wins(place: number, description: Digest): boolean;
  /** More than one description was offered. */
  contested(place: number): boolean;
  /** True the first time it is asked. */
  first(place: number): boolean;
  /** A mark of the caller's. */
  mark(place: number): void;
  marked(place: number): boolean;
};

const contestedBit = 1;
const takenBit = 2;
const markBit = 4;

export function createWinners(expected = 1024): Winners {
  let capacity = 1;
  while (capacity < expected) capacity *= 2;
  let keys = new Uint32Array(capacity * 2);
  let best = new Uint32Array(capacity * 2);
  let flags = new Uint8Array(capacity);
  let slots = new Int32Array(capacity * 2).fill(-1);
  let size = 0;

  const slotOf = ({ high, low }: Digest): number => {
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
    flags = larger(flags, new Uint8Array(capacity));
    slots = new Int32Array(capacity * 2).fill(-1);
    for (let place = 0; place < size; place += 1) {
      slots[slotOf({ high: keys[place * 2]!, low: keys[place * 2 + 1]! })] = place;
    }
  };

  return {
    get size() {
      return size;
    },
    find: (key) => slots[slotOf(key)]!,
    offer(key, { high, low }) {
      const slot = slotOf(key);
      const place = slots[slot]!;
      if (place < 0) {
        keys.set([key.high, key.low], size * 2);
        best.set([high, low], size * 2);
        slots[slot] = size;
        size += 1;
        if (size === capacity) grow();
        return size - 1;
      }
      const [kept, keptLow] = [best[place * 2]!, best[place * 2 + 1]!];
      if (kept === high && keptLow === low) return place;
      flags[place]! |= contestedBit;
      if (high < kept || (high === kept && low < keptLow)) best.set([high, low], place * 2);
      return place;
    },
    wins: (place, { high, low }) => best[place * 2] === high && best[place * 2 + 1] === low,
    contested: (place) => (flags[place]! & contestedBit) !== 0,
    first(place) {
      const taken = (flags[place]! & takenBit) !== 0;
      flags[place]! |= takenBit;
      return !taken;
    },
    mark: (place) => void (flags[place]! |= markBit),
    marked: (place) => (flags[place]! & markBit) !== 0,
  };
}

function larger<T extends Uint32Array | Uint8Array>(from: T, into: T): T {
  into.set(from);
  return into;
}

/** 64 bits of a text: two multiplicative hashes. Not against an adversary: who writes the file may write what he likes in it. */
export function digestOf(text: string): Digest {
  let high = 0x811c9dc5;
  let low = 0xc2b2ae35;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    high = Math.imul(high ^ code, 0x01000193);
    low = Math.imul(low ^ code, 0x85ebca6b);
    low ^= low >>> 13;
  }
  high ^= high >>> 16;
  high = Math.imul(high, 0x7feb352d);
  high ^= high >>> 15;
  low ^= low >>> 16;
  low = Math.imul(low, 0x846ca68b);
  low ^= low >>> 15;
  return { high: high >>> 0, low: low >>> 0 };
}
