import { createWinners } from '../extract/winners.ts';
import type { Digest } from '../files/digest.ts';

export type Positions = {
  add(site: Digest, x: number, y: number): void;
  find(site: Digest): number;
  at(place: number): { x: number; y: number };
};

/** Coordinates by site in typed arrays. Of two for one site the smaller pair is kept: the order of lines does not show. */
export function createPositions(): Positions {
  const sites = createWinners();
  let pairs = new Float64Array(2048);
  return {
    find: (site) => sites.find(site),
    at: (place) => ({ x: pairs[place * 2]!, y: pairs[place * 2 + 1]! }),
    add(site, x, y) {
      const known = sites.find(site);
      const place = sites.offer(site, { high: 0, low: 0 }, 0);
      if (place * 2 >= pairs.length) {
        const larger = new Float64Array(pairs.length * 2);
        larger.set(pairs);
        pairs = larger;
      }
      const [keptX, keptY] = [pairs[place * 2]!, pairs[place * 2 + 1]!];
      if (known >= 0 && (keptX < x || (keptX === x && keptY <= y))) return;
      pairs.set([x, y], place * 2);
    },
  };
}
