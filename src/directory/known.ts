/**
 * Hashes of what a source said before and of what this run has read: 16 bytes each in one open-addressing table, one
 * more byte for how each stands. 2.5 million take 68 MiB.
 */
import type { Known } from './types.ts';

/** What a hash is in the table for. */
const held = 1;
const seen = 2;
const staged = 4;
const missed = 8;

export type KnownRecords = Known & {
  /** A held record's hash; `missedBefore`: the last complete run did not show it. */
  hold(hash: Buffer, missedBefore?: boolean): void;
  /** A hash that this run read; false when it is known already (and then marked as seen). */
  stage(hash: Buffer): boolean;
  /** Whether this run showed a held record. */
  hasSeen(hash: Buffer): boolean;
  /** Beginnings (8 bytes) of the hashes seen since the last call: what a page is committed with. */
  takeSeen(): Buffer;
  /** Marks what a run that is gone on with had seen. */
  recall(beginnings: Buffer): void;
  /** Held hashes that nothing showed. */
  unseen(): Buffer[];
  /** Held hashes that were missed before and are shown again. */
  returned(): Buffer[];
  readonly size: number;
  /** Bytes of the table. */
  readonly bytes: number;
};

/** An empty table. */
export function createKnown(): KnownRecords {
  let capacity = 1 << 12;
  /** Four words a hash: comparing words costs a quarter of comparing bytes of a buffer. */
  let table = new Uint32Array(capacity * 4);
  let flags = new Uint8Array(capacity);
  let size = 0;
  let marks = Buffer.alloc(1 << 12);
  let marked = 0;

  /** The slot of a hash, or the free one where it belongs. `short`: only its first 8 bytes are there. */
  function slotOf(hash: Buffer, at = 0, short = false): number {
    const first = hash.readUInt32LE(at);
    const second = hash.readUInt32LE(at + 4);
    const third = short ? 0 : hash.readUInt32LE(at + 8);
    const fourth = short ? 0 : hash.readUInt32LE(at + 12);
    for (let slot = first & (capacity - 1); ; slot = (slot + 1) & (capacity - 1)) {
      if (flags[slot] === 0) return slot;
      const from = slot * 4;
      if (table[from] !== first || table[from + 1] !== second) continue;
      if (short || (table[from + 2] === third && table[from + 3] === fourth)) return slot;
    }
  }

  function put(hash: Buffer, flag: number): void {
    if (size >= capacity * 0.75) grow();
    const slot = slotOf(hash);
    if (flags[slot] === 0) {
      for (let word = 0; word < 4; word += 1) table[slot * 4 + word] = hash.readUInt32LE(word * 4);
      size += 1;
    }
    flags[slot]! |= flag;
  }

  function grow(): void {
    const [from, was] = [table, flags];
    capacity *= 2;
    table = new Uint32Array(capacity * 4);
    flags = new Uint8Array(capacity);
    for (let old = 0; old < was.length; old += 1) {
      if (was[old] === 0) continue;
      let slot = from[old * 4]! & (capacity - 1);
      while (flags[slot] !== 0) slot = (slot + 1) & (capacity - 1);
      for (let word = 0; word < 4; word += 1) table[slot * 4 + word] = from[old * 4 + word]!;
      flags[slot] = was[old]!;
    }
  }

  /** Writes the first words of a slot as the bytes they came from. */
  function write(slot: number, into: Buffer, at: number, words: number): void {
    for (let word = 0; word < words; word += 1) into.writeUInt32LE(table[slot * 4 + word]!, at + word * 4);
  }

  function see(slot: number): void {
    if (flags[slot]! & seen) return;
    flags[slot]! |= seen;
    if (!(flags[slot]! & held)) return;
    if (marked + 8 > marks.length) marks = Buffer.concat([marks], marks.length * 2);
    write(slot, marks, marked, 2);
    marked += 8;
  }

  function* all(wanted: number, without: number): Generator<Buffer> {
    for (let slot = 0; slot < capacity; slot += 1) {
      const flag = flags[slot]!;
      if ((flag & wanted) !== wanted || flag & without) continue;
      const hash = Buffer.alloc(16);
      write(slot, hash, 0, 4);
      yield hash;
    }
  }

  return {
    has(hash) {
      const slot = slotOf(hash);
      if (flags[slot] === 0) return false;
      see(slot);
      return true;
    },
    hold: (hash, missedBefore = false) => put(hash, missedBefore ? held | missed : held),
    stage(hash) {
      if (this.has(hash)) return false;
      put(hash, staged | seen);
      return true;
    },
    hasSeen: (hash) => (flags[slotOf(hash)]! & (held | seen)) === (held | seen),
    takeSeen() {
      const taken = Buffer.from(marks.subarray(0, marked));
      marked = 0;
      return taken;
    },
    recall(beginnings) {
      for (let at = 0; at + 8 <= beginnings.length; at += 8) {
        const slot = slotOf(beginnings, at, true);
        if (flags[slot] !== 0) flags[slot]! |= seen;
      }
    },
    unseen: () => [...all(held, seen)],
    returned: () => [...all(held | seen | missed, 0)],
    get size() {
      return size;
    },
    get bytes() {
      return table.byteLength + flags.length + marks.length;
    },
  };
}
