/** The nearest offers of care: roles in use, commune after commune, of people and structures that are in use. */
import type { NearRole } from '../../store/directory-nearest.ts';
import type { Repositories } from '../../store/store.ts';
import type { Near, Place, Places } from './places.ts';

export type Ask = {
  from: Place;
  profession: string;
  /** Communes where the profession (with one of the codes) is at all; the others are not looked at. */
  offered: ReadonlySet<string>;
  /** Any of these `system|code`. */
  codes?: readonly string[];
  /** Kilometres. */
  within: number;
  limit: number;
  /** Only roles of these people, by short key, e.g. of those who take new patients. */
  persons?: readonly string[];
};

export type Offer = { km: number; role: NearRole };

/** Kilometres of the first look: most people find what they look for next door, and what is rare further away. */
const nextDoorKm = 12;
const rareKm = 36;
/** Each further look reaches so many times as far. */
const wider = 3;
/** Most communes asked for in one statement. */
const mostCommunes = 2048;
/** Roles read for each that is wanted: some fall away, closed people and what two sources say alike. */
const spare = 2;
/** Statements of one search, whatever it finds. */
const mostStatements = 200;

/** Nearest first; of roles at one distance by name. Two sources that speak of one role give one offer: the first's. */
export async function nearestOffers(
  store: Pick<Repositories, 'directoryNearest'>,
  places: Places,
  ask: Ask,
): Promise<Offer[]> {
  const { profession, codes, persons, limit } = ask;
  const offers = new Map<string, Offer>();
  const wanted = Math.max(limit * spare, 20);
  let statements = 0;
  const enough = (): boolean => offers.size >= limit || statements >= mostStatements;
  for (const near of looks(places, ask)) {
    const communes = near.map(({ commune }) => commune);
    for (let offset = 0; ; offset += wanted) {
      const roles = await store.directoryNearest.roles({
        ...{ profession, communes, limit: wanted, offset },
        ...(codes ? { codes } : {}),
        ...(persons ? { persons } : {}),
      });
      take(near, roles, offers);
      statements += 1;
      if (roles.length < wanted || enough()) break;
    }
    if (enough()) break;
  }
  return [...offers.values()].sort((a, b) => a.km - b.km || (nameOf(a) < nameOf(b) ? -1 : 1)).slice(0, limit);
}

/** Communes to ask for in one statement, nearest first. */
function* looks(places: Places, { from, within, offered, codes }: Ask): Generator<Near[]> {
  let seen = -1;
  for (let reach = codes ? rareKm : nextDoorKm; seen < within; reach *= wider) {
    const ring = places.around(from, Math.min(reach, within), seen);
    const near = ring.filter(({ commune }) => offered.has(commune));
    for (let start = 0; start < near.length; start += mostCommunes)
      yield near.slice(start, start + mostCommunes);
    seen = reach;
  }
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
