/** Texts by number, in UTF-8 one after the other: each takes its bytes and four more, outside the heap. */
export class PackedTexts {
  #bytes = Buffer.alloc(64 * 1024);
  #ends = new Uint32Array(4 * 1024);
  #count = 0;

  /** How many there are: the number that the next one gets. */
  get count(): number {
    return this.#count;
  }

  /** Bytes of all texts. */
  get size(): number {
    return this.#endOf(this.#count - 1);
  }

  add(text: string): void {
    const start = this.#endOf(this.#count - 1);
    const end = start + Buffer.byteLength(text);
    if (end > this.#bytes.length) {
      const longer = Buffer.alloc(Math.max(end, this.#bytes.length * 2));
      this.#bytes.copy(longer);
      this.#bytes = longer;
    }
    if (this.#count === this.#ends.length) {
      const longer = new Uint32Array(this.#ends.length * 2);
      longer.set(this.#ends);
      this.#ends = longer;
    }
    this.#bytes.write(text, start);
    this.#ends[this.#count] = end;
    this.#count += 1;
  }

  at(index: number): string | undefined {
    if (index >= this.#count) return undefined;
    return this.#bytes.toString('utf8', this.#endOf(index - 1), this.#endOf(index));
  }

  #endOf(index: number): number {
    return index < 0 ? 0 : this.#ends[index]!;
  }
}
