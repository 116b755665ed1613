/** The nearest offers of care: roles in use, commune after commune, of people and structures that are in use. */
import type { FoundRecord } from '../../store/directory-search.ts';
import type { NearRole } from '../../store/directory-nearest.ts';
import type { Repositories } from '../../store/store.ts';
import { bestOf } from '../match/candidates.ts';
import type { Near, Place, Places } from './places.ts';

export type Ask = {
  from: Place;
  profession: string;
  /** Any of these `system|code`. */
  codes?: readonly string[];
  /** Kilometres. */
  within: number;
  limit: number;
  /** Only roles that this accepts, e.g. those of people who take new patients. */
  only?: (role: NearRole) => boolean;
};

export type Offer = { km: number; role: NearRole; person?: FoundRecord; structure?: FoundRecord };

/** Communes asked for in one statement: few at first, because most people find what they look for next door. */
const firstCommunes = 24;
const mostCommunes = 768;
/** Roles read for each that is wanted: some fall away, closed people and what two sources say alike. */
const spare = 3;
/** Statements of one search, whatever it finds. */
const mostRounds = 200;

/** Nearest first; of roles at one distance by name. Two sources that speak of one role give one offer: the first's. */
export async function nearestOffers(
  store: Pick<Repositories, 'directoryNearest' | 'directorySearch'>,
  places: Places,
  ask: Ask,
): Promise<Offer[]> {
  const { profession, codes, limit, only } = ask;
  const around = places.around(ask.from, ask.within);
  const offers = new Map<string, Offer>();
  let start = 0;
  let size = firstCommunes;
  let offset = 0;
  for (let round = 0; round < mostRounds && start < around.length && offers.size < limit; round += 1) {
    const near = around.slice(start, start + size);
    const wanted = Math.max(limit * spare, 30);
    const roles = await store.directoryNearest.roles({
      ...{ profession, communes: near.map(({ commune }) => commune), limit: wanted, offset },
      ...(codes ? { codes } : {}),
    });
    await take(store, near, only ? roles.filter(only) : roles, offers);
    if (roles.length === wanted) offset += wanted;
    else {
      start += size;
      size = Math.min(size * 2, mostCommunes);
      offset = 0;
    }
  }
  return [...offers.values()].sort((a, b) => a.km - b.km || (nameOf(a) < nameOf(b) ? -1 : 1)).slice(0, limit);
}

async function take(
  { directorySearch }: Pick<Repositories, 'directorySearch'>,
  near: readonly Near[],
  roles: readonly NearRole[],
  offers: Map<string, Offer>,
): Promise<void> {
  if (roles.length === 0) return;
  const keys = roles.flatMap(({ practitioner, organization }) => [practitioner, organization]);
  const rows = await directorySearch.byKeys(
    ['Practitioner', 'Organization'],
    [...new Set(keys.filter((key) => key !== null))],
  );
  const best = new Map(
    [...Map.groupBy(rows, ({ kind, key }) => `${kind} ${key}`)].map(
      ([name, same]) => [name, bestOf(same)] as const,
    ),
  );
  for (const role of roles) {
    const person = best.get(`Practitioner ${role.practitioner}`);
    const structure = best.get(`Organization ${role.organization}`);
    if (isOut(person) || isOut(structure)) continue;
    const name = [role.practitioner ?? role.key, role.organization, role.profession].join(' ');
    const known = offers.get(name);
    if (known && known.role.rank <= role.rank) continue;
    const { km } = near[role.order]!;
    offers.set(name, { km, role, ...(person ? { person } : {}), ...(structure ? { structure } : {}) });
  }
}

function isOut(row: FoundRecord | undefined): boolean {
  return row?.state === 'closed' || row?.state === 'vanished';
}

function nameOf({ person, role }: Offer): string {
  return person?.name ?? role.key;
}
