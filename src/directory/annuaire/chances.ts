/**
 * Whether a search is better followed or shared out, by how often links have died in this reading (P-5). A search of many
 * links comes to its end once in many beginnings; parts of it are short, but each costs a request of its own.
 */

/** Links of this process's reading. */
export type Links = { followed: number; dead: number };

/** Links followed as if before the first: one that dies early says little of the others. */
const before = 20;

/** Chance that one more link is dead. */
export function chanceOfDead({ followed, dead }: Links): number {
  return dead / (followed + dead + before);
}

/**
 * `links`: those that are left to follow; `parts`: requests that sharing the search out would take. Following takes as many
 * as come before a dead one, and then the parts after all.
 */
export function isWorthFollowing(links: number, parts: number, met: Links): boolean {
  const chance = chanceOfDead(met);
  if (chance === 0 || links <= 0) return true;
  const whole = (1 - chance) ** links;
  return (1 - whole) / chance < whole * parts;
}
