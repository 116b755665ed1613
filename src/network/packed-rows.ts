/** Rows of a long list outside the heap: an object is made of one when it is looked at, and is garbage after that. */
import type { Json, JsonObject } from '../fhir/types.ts';
import { PackedTexts } from '../tabular/packed-texts.ts';
import { PackedNumbers } from './packed-numbers.ts';

/** Values met more often than once stand here once; values that few rows share are not worth looking up. */
const maxShared = 5_000;

export class PackedRows {
  #length = 0;
  /** For each field a number a row: 0 nothing, n > 0 the n-th shared value, n < 0 the n-th text of its own. */
  readonly #columns = new Map<string, PackedNumbers>();
  readonly #shared: Json[] = [];
  readonly #sharedBy = new Map<string, number>();
  readonly #own = new PackedTexts();

  get length(): number {
    return this.#length;
  }

  /** Values are kept as JSON: they may be of any form. */
  add(row: JsonObject): void {
    for (const [field, value] of Object.entries(row)) {
      const column = this.#columns.get(field) ?? new PackedNumbers();
      this.#columns.set(field, column);
      column.set(this.#length, this.#numberOf(JSON.stringify(value)));
    }
    this.#length += 1;
  }

  at(index: number): JsonObject | undefined {
    if (index >= this.#length) return undefined;
    const row: JsonObject = {};
    for (const [field, column] of this.#columns) {
      const number = column.at(index);
      if (number > 0) row[field] = this.#shared[number - 1]!;
      else if (number < 0) row[field] = JSON.parse(this.#own.at(-number - 1)!) as Json;
    }
    return row;
  }

  /** The rows as a list that can be read like any other, not written. */
  asList(): Json[] {
    const indexOf = (name: string | symbol): number => (typeof name === 'string' ? Number(name) : NaN);
    return new Proxy<Json[]>([], {
      get: (none, name): unknown => {
        if (name === 'length') return this.#length;
        const index = indexOf(name);
        return Number.isInteger(index) ? this.at(index) : Reflect.get(none, name);
      },
      has: (none, name) => indexOf(name) < this.#length || Reflect.has(none, name),
    });
  }

  #numberOf(text: string): number {
    const known = this.#sharedBy.get(text);
    if (known !== undefined) return known;
    if (this.#shared.length < maxShared) {
      const own = Buffer.from(text).toString(); // not a slice that holds on to the text of the file
      this.#shared.push(JSON.parse(own) as Json);
      this.#sharedBy.set(own, this.#shared.length);
      return this.#shared.length;
    }
    this.#own.add(text);
    return -this.#own.count;
  }
}
