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
  let table = Buffer.alloc(capacity * 16);
  let flags = Buffer.alloc(capacity);
  let size = 0;
  let marks = Buffer.alloc(1 << 12);
  let marked = 0;

  /** The slot of a hash, or the free one where it belongs. `length`: bytes of it that are compared. */
  function slotOf(hash: Buffer, at = 0, length = 16): number {
    for (let slot = hash.readUInt32LE(at) & (capacity - 1); ; slot = (slot + 1) & (capacity - 1)) {
      if (flags[slot] === 0) return slot;
      const from = slot * 16;
      if (table.compare(hash, at, at + length, from, from + length) === 0) return slot;
    }
  }

  function put(hash: Buffer, flag: number): void {
    if (size >= capacity * 0.75) grow();
    const slot = slotOf(hash);
    if (flags[slot] === 0) {
      hash.copy(table, slot * 16, 0, 16);
      size += 1;
    }
    flags[slot]! |= flag;
  }

  function grow(): void {
    const [from, was] = [table, flags];
    capacity *= 2;
    table = Buffer.alloc(capacity * 16);
    flags = Buffer.alloc(capacity);
    for (let old = 0; old < was.length; old += 1) {
      if (was[old] === 0) continue;
      const slot = slotOf(from, old * 16);
      from.copy(table, slot * 16, old * 16, old * 16 + 16);
      flags[slot] = was[old]!;
    }
  }

  function see(slot: number): void {
    if (flags[slot]! & seen) return;
    flags[slot]! |= seen;
    if (!(flags[slot]! & held)) return;
    if (marked + 8 > marks.length) marks = Buffer.concat([marks], marks.length * 2);
    table.copy(marks, marked, slot * 16, slot * 16 + 8);
    marked += 8;
  }

  function* all(wanted: number, without: number): Generator<Buffer> {
    for (let slot = 0; slot < capacity; slot += 1) {
      const flag = flags[slot]!;
      if ((flag & wanted) === wanted && !(flag & without))
        yield Buffer.from(table.subarray(slot * 16, slot * 16 + 16));
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
        const slot = slotOf(beginnings, at, 8);
        if (flags[slot] !== 0) flags[slot]! |= seen;
      }
    },
    unseen: () => [...all(held, seen)],
    returned: () => [...all(held | seen | missed, 0)],
    get size() {
      return size;
    },
    get bytes() {
      return table.length + flags.length + marks.length;
    },
  };
}
