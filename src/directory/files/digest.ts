/** Digests that tell things and descriptions apart within one reading: 64 bits as two words. */

export type Digest = { high: number; low: number };

/** A digest under way: more text may follow. */
export type Digesting = { high: number; low: number };

/** Two multiplicative hashes. Not against an adversary: who writes the file may write what he likes in it. */
export function beginDigest(): Digesting {
  return { high: 0x811c9dc5, low: 0xc2b2ae35 };
}

/** The texts of a digest may come in pieces: where they are cut does not show. */
export function addToDigest(state: Digesting, text: string, start = 0, end = text.length): void {
  let { high, low } = state;
  for (let at = start; at < end; at += 1) {
    const code = text.charCodeAt(at);
    high = Math.imul(high ^ code, 0x01000193);
    low = Math.imul(low ^ code, 0x85ebca6b);
    low ^= low >>> 13;
  }
  state.high = high;
  state.low = low;
}

export function endDigest({ high, low }: Digesting): Digest {
  high ^= high >>> 16;
  high = Math.imul(high, 0x7feb352d);
  high ^= high >>> 15;
  low ^= low >>> 16;
  low = Math.imul(low, 0x846ca68b);
  low ^= low >>> 15;
  return { high: high >>> 0, low: low >>> 0 };
}

export function digestOf(text: string): Digest {
  const state = beginDigest();
  addToDigest(state, text);
  return endDigest(state);
}
