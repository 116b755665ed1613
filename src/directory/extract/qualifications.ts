/** Professions and know-how of each person, gathered over all their lines in a few bytes a person. */

export type Qualifications = {
  add(place: number, text: string): void;
  /** Texts of a person, in their own order: that of the lines does not show. */
  of(place: number): string[];
};

/** Held in place: nearly everybody has fewer. */
const inPlace = 4;

export function createQualifications(): Qualifications {
  const numbers = new Map<string, number>();
  const texts = [''];
  const more = new Map<number, Set<number>>();
  let held = new Uint32Array(1024 * inPlace);

  return {
    add(place, text) {
      let number = numbers.get(text);
      if (number === undefined) numbers.set(text, (number = texts.push(text) - 1));
      if ((place + 1) * inPlace > held.length) {
        const larger = new Uint32Array(Math.max(held.length * 2, (place + 1) * inPlace));
        larger.set(held);
        held = larger;
      }
      for (let at = place * inPlace; at < (place + 1) * inPlace; at += 1) {
        if (held[at] === number) return;
        if (held[at] === 0) return void (held[at] = number);
      }
      const others = more.get(place);
      if (others) others.add(number);
      else more.set(place, new Set([number]));
    },
    of(place) {
      const own = held.subarray(place * inPlace, (place + 1) * inPlace);
      return [...own, ...(more.get(place) ?? [])]
        .filter((number) => number > 0)
        .map((number) => texts[number]!)
        .sort();
    },
  };
}
