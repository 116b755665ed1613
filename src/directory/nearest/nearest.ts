/** The nearest offers of care: roles in use, commune after commune, of people and structures that are in use. */
import type { NearRole } from '../../store/directory-nearest.ts';
import type { Repositories } from '../../store/store.ts';
import type { Near, Place, Places } from './places.ts';

export type Ask = {
  from: Place;
  profession: string;
  /** Communes where the profession is at all; the others are not looked at. */
  offered: ReadonlySet<string>;
  /** Any of these `system|code`. */
  codes?: readonly string[];
  /** Kilometres. */
  within: number;
  limit: number;
  /** Only roles that this accepts, e.g. those of people who take new patients. */
  only?: (role: NearRole) => boolean;
};

export type Offer = { km: number; role: NearRole };

/** Communes asked for in one statement: few at first, because most people find what they look for next door. */
const firstCommunes = 32;
const mostCommunes = 2048;
/** Roles read for each that is wanted: some fall away, closed people and what two sources say alike. */
const spare = 2;
/** Statements of one search, whatever it finds. */
const mostRounds = 200;

/** Nearest first; of roles at one distance by name. Two sources that speak of one role give one offer: the first's. */
export async function nearestOffers(
  store: Pick<Repositories, 'directoryNearest'>,
  places: Places,
  ask: Ask,
): Promise<Offer[]> {
  const { profession, codes, limit, only } = ask;
  const around = places.around(ask.from, ask.within).filter(({ commune }) => ask.offered.has(commune));
  const offers = new Map<string, Offer>();
  let start = 0;
  let size = firstCommunes;
  let offset = 0;
  for (let round = 0; round < mostRounds && start < around.length && offers.size < limit; round += 1) {
    const near = around.slice(start, start + size);
    const wanted = Math.max(limit * spare, 20);
    const roles = await store.directoryNearest.roles({
      ...{ profession, communes: near.map(({ commune }) => commune), limit: wanted, offset },
      ...(codes ? { codes } : {}),
    });
    take(near, only ? roles.filter(only) : roles, offers);
    if (roles.length === wanted) offset += wanted;
    else {
      start += size;
      size = Math.min(size * 8, mostCommunes);
      offset = 0;
    }
  }
  return [...offers.values()].sort((a, b) => a.km - b.km || (nameOf(a) < nameOf(b) ? -1 : 1)).slice(0, limit);
}

function take(near: readonly Near[], roles: readonly NearRole[], offers: Map<string, Offer>): void {
  for (const role of roles) {
    if (isOut(role.personState) || isOut(role.structureState)) continue;
    const name = [role.practitioner ?? role.key, role.organization, role.profession].join(' ');
    const known = offers.get(name);
    if (known && known.role.rank <= role.rank) continue;
    offers.set(name, { km: near[role.order]!.km, role });
  }
}

function isOut(state: string | null): boolean {
  return state === 'closed' || state === 'vanished';
}

function nameOf({ role }: Offer): string {
  return role.personName ?? role.key;
}
