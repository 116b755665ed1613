import { hash } from 'node:crypto';

/** A fraction of what there is, so that two of a million contents are taken for one with a chance below 10⁻¹⁶. */
const part = 2 ** 48;

/**
 * Contents met before, by their digest, each with a number: 24 bytes a slot at most three quarters full, however long the
 * contents are. For lists too long to keep.
 */
export class DigestTable {
  #size = 0;
  #slots = new Float64Array(3 * 1024);

  /** The number that came with the content the first time; undefined when this is the first. Numbers are above 0. */
  add(content: string, number: number): number | undefined {
    if (this.#size * 4 >= this.#slots.length) this.#grow();
    const [high, low] = digestOf(content);
    const at = find(this.#slots, high, low);
    if (this.#slots[at + 2] !== 0) return this.#slots[at + 2];
    this.#slots.set([high, low, number], at);
    this.#size += 1;
    return undefined;
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Float64Array(old.length * 2);
    for (let at = 0; at < old.length; at += 3) {
      if (old[at + 2] === 0) continue;
      this.#slots.set(old.subarray(at, at + 3), find(this.#slots, old[at]!, old[at + 1]!));
    }
  }
}

/** A number for a content, to tell whether two are the same; never 0. */
export function digestNumber(content: string): number {
  return digestOf(content)[0] + 1;
}

/** The last one: a row's id is looked up in several tables, one after the other. */
let last: { content: string; digest: [number, number] } | undefined;

function digestOf(content: string): [number, number] {
  if (last?.content === content) return last.digest;
  const hex = hash('sha256', content); // hex: a buffer each would be taken from the system, and stay there
  const digest: [number, number] = [parseInt(hex.slice(0, 12), 16), parseInt(hex.slice(12, 24), 16)];
  last = { content, digest };
  return digest;
}

/** The slot of a digest, or the free one where it belongs. */
function find(slots: Float64Array, high: number, low: number): number {
  const count = slots.length / 3;
  let index = Math.floor((high / part) * count);
  while (slots[index * 3 + 2] !== 0 && (slots[index * 3] !== high || slots[index * 3 + 1] !== low))
    index = (index + 1) % count;
  return index * 3;
}
