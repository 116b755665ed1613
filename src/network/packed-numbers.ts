/** A number for each index, 0 where none was set: four bytes each, outside the heap. */
export class PackedNumbers {
  #numbers = new Int32Array(1024);

  set(index: number, number: number): void {
    if (index >= this.#numbers.length) {
      const longer = new Int32Array(Math.max(index + 1, this.#numbers.length * 2));
      longer.set(this.#numbers);
      this.#numbers = longer;
    }
    this.#numbers[index] = number;
  }

  at(index: number): number {
    return this.#numbers[index] ?? 0;
  }
}
