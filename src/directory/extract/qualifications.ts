/** Professions and know-how of each person, gathered over all their lines in a few bytes a person. */
import type { Digest } from '../files/digest.ts';
import { createWinners } from './winners.ts';

export type Qualifications = {
  /** A qualification of a person, by the digest of its text; the text is asked for when it is new. */
  add(place: number, digest: Digest, text: () => string): void;
  /** Texts of a person, in their own order: that of the lines does not show. */
  of(place: number): string[];
};

/** Held in place: nearly everybody has fewer. */
const inPlace = 4;

export function createQualifications(): Qualifications {
  const numbers = createWinners();
  const texts = [''];
  const more = new Map<number, Set<number>>();
  let held = new Uint32Array(1024 * inPlace);

  return {
    add(place, digest, text) {
      const number = numbers.offer(digest, digest, 0) + 1;
      if (number === texts.length) texts.push(text());
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
      const start = place * inPlace;
      if (held[start + 1] === 0) return texts.slice(held[start], held[start]! + 1); // nearly everybody has one
      const own = held.subarray(start, start + inPlace);
      return [...own, ...(more.get(place) ?? [])]
        .filter((number) => number > 0)
        .map((number) => texts[number]!)
        .sort();
    },
  };
}
