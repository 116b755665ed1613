/** Territories of networks of one kind side by side: places that two of them cover, and places that none covers. */
import type { Network } from './network.ts';
import { departmentOf, type Places } from './places.ts';
import { slugOf } from './slug.ts';
import { type Place, territoryOf } from './territory.ts';

/** What two networks both cover: where the later one says so, and the places as people name them. */
export type Overlap = { network: Network; other: Network; pointer: string; places: string[] };

type Claim = { network: Network; place: Place };
type Index = Map<string, Claim[]>;

/** Who covers what. Départements as a whole or in part, communes by code and by their département. */
export type Cover = { whole: Index; partial: Index; communes: Index; communesOf: Index };

/** What the networks cover together. */
export function coverOf(networks: readonly Network[]): Cover {
  const cover = emptyCover();
  for (const network of networks) claim(cover, network);
  return cover;
}

/** More is not told: networks that all cover one place meet in as many pairs as their number squared. */
export const mostOverlaps = 500;

/**
 * Every pair of networks whose territories meet for certain, at most five hundred, each told once, at the later network. A département covered
 * in part meets one covered whole and a part of the same name; that two parts of other names, or a part and a commune,
 * meet is not known. Communes listed are all a network covers of their département.
 */
export function overlapsOf(networks: readonly Network[]): Overlap[] {
  const cover = emptyCover();
  const overlaps: Overlap[] = [];
  for (const network of networks) {
    const found = new Map<Network, Overlap>();
    const meet = (place: Place, claims: Claim[]): void => {
      for (const { network: other } of new Map(claims.map((one) => [one.network, one])).values()) {
        const overlap = found.get(other) ?? { network, other, pointer: place.pointer, places: [] };
        overlap.places.push(`${place.name} (${place.code})`);
        found.set(other, overlap);
      }
    };
    const { departments, communes } = claimsOf(network);
    const at = (index: Index, code: string): Claim[] => index.get(code) ?? [];
    for (const place of departments) {
      const { code, part } = place;
      if (part === undefined)
        meet(place, [...at(cover.whole, code), ...at(cover.partial, code), ...at(cover.communesOf, code)]);
      else
        meet(place, [
          ...at(cover.whole, code),
          ...at(cover.partial, code).filter((one) => slugOf(one.place.part ?? '') === slugOf(part)),
        ]);
    }
    for (const place of communes)
      meet(place, [...at(cover.communes, place.code), ...at(cover.whole, departmentOf(place.code))]);
    overlaps.push(...[...found.values()].slice(0, mostOverlaps - overlaps.length));
    if (overlaps.length === mostOverlaps) break;
    claim(cover, network);
  }
  return overlaps;
}

/** Départements of a region that nobody covers, and those that a single network covers in part; `name (code)`. */
export function holesIn(
  region: string,
  cover: Cover,
  places: Places,
): { uncovered: string[]; partly: string[] } {
  const departments = Object.entries(places.regions.get(region)?.departements ?? {});
  const open = departments.filter(([code]) => !cover.whole.has(code));
  const holders = (code: string): Set<Network> =>
    new Set(
      [...(cover.partial.get(code) ?? []), ...(cover.communesOf.get(code) ?? [])].map((one) => one.network),
    );
  const named = (held: (count: number) => boolean): string[] =>
    open.filter(([code]) => held(holders(code).size)).map(([code, name]) => `${name} (${code})`);
  return { uncovered: named((count) => count === 0), partly: named((count) => count === 1) };
}

function emptyCover(): Cover {
  return { whole: new Map(), partial: new Map(), communes: new Map(), communesOf: new Map() };
}

/** A département some communes of which are listed is covered by these alone. */
function claimsOf({ data }: Network): { departments: Place[]; communes: Place[] } {
  const { departments, communes } = territoryOf(data);
  const listed = new Set(communes.map(({ code }) => departmentOf(code)));
  return { departments: departments.filter(({ code }) => !listed.has(code)), communes };
}

function claim(cover: Cover, network: Network): void {
  const { departments, communes } = claimsOf(network);
  const add = (index: Index, code: string, place: Place): void => {
    const claims = index.get(code);
    if (claims) claims.push({ network, place });
    else index.set(code, [{ network, place }]);
  };
  for (const place of departments)
    add(place.part === undefined ? cover.whole : cover.partial, place.code, place);
  for (const place of communes) {
    add(cover.communes, place.code, place);
    add(cover.communesOf, departmentOf(place.code), place);
  }
}
