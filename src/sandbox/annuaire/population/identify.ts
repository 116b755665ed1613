/** Identifiers of people and structures: all follow from the index (or rank), so that none is stored. */
import { bodyOf, numbered } from './numbers.ts';
import { fraction } from './chance.ts';
import { level, type State } from './state.ts';
import { stream } from './streams.ts';
import { none } from './table.ts';

const finessRoom = 990_000;
/** SIREN bodies of practices begin here; below are legal entities, above are pins. */
const practiceSirens = 60_000;
const practiceSirenRoom = 39_000;

export function rppsOf(state: State, person: number): string {
  const said = state.peopleSaid.get(person)?.rpps;
  if (said) return said;
  const wrong = fraction(state.seed, stream.wrongRpps, person) < state.born.wrongDigit;
  return numbered('109', state.scatters.rpps.to(person), 7, wrong);
}

/** FINESS of a legal entity or site; undefined for practices. */
export function finessOf(state: State, structure: number): string | undefined {
  const said = state.structuresSaid.get(structure);
  if (said?.finessOf !== undefined) return finessOf(state, said.finessOf);
  if (said?.finess) return said.finess;
  const rank = state.structures.columns.rank[structure]!;
  if (state.structures.columns.level[structure] === level.practice || rank === none) return undefined;
  const wrong = fraction(state.seed, stream.wrongFiness, structure) < state.born.wrongDigit;
  return numbered('99', finessBody(state, rank), 6, wrong);
}

/** Ranks whose number a pin has taken have one of the reserve. */
function finessBody(state: State, rank: number): number {
  return state.scatters.finess.to(state.movedFiness.get(rank) ?? rank);
}

/** Gives a structure the next FINESS rank. */
export function giveFiness(state: State, structure: number): void {
  const rank = state.withFiness.push(structure) - 1;
  state.structures.columns.rank[structure] = rank;
  if (rank >= finessRoom) throw new RangeError('no FINESS number is left in the fictive range');
  if (!state.pinnedFiness.has(state.scatters.finess.to(rank))) return;
  let reserve = finessRoom + state.movedFiness.size;
  while (state.pinnedFiness.has(state.scatters.finess.to(reserve))) reserve += 1;
  state.movedFiness.set(rank, reserve);
}

/** Structure of a FINESS body, pins left aside. */
export function structureOfFiness(state: State, body: number): number | undefined {
  const rank = state.scatters.finess.from(body);
  if (rank < finessRoom) return state.withFiness[rank];
  for (const [moved, reserve] of state.movedFiness) if (reserve === rank) return state.withFiness[moved];
  return undefined;
}

export function sirenOf(state: State, structure: number): string | undefined {
  const said = state.structuresSaid.get(structure);
  if (said?.siren) return said.siren;
  const body = state.structures.columns.siren[structure]!;
  if (body === none || said?.siret) return said?.siret?.slice(0, 9);
  const wrong = fraction(state.seed, stream.wrongSiren, structure) < state.born.wrongDigit;
  return numbered('999', body, 5, wrong);
}

/** SIRET of a site or practice; the neighbour's for some (P-3). */
export function siretOf(state: State, structure: number): string | undefined {
  const said = state.structuresSaid.get(structure);
  if (said?.siret) return said.siret;
  const { level: levels, rank, siren, nic } = state.structures.columns;
  if (levels[structure] === level.legal || siren[structure] === none) return undefined;
  if (levels[structure] === level.practice && rank[structure]! > 0 && hasSameSiret(state, structure)) {
    const before = state.practices[rank[structure]! - 1]!;
    return numbered(numbered('999', siren[before]!, 5), nic[before]!, 4);
  }
  return numbered(numbered('999', siren[structure]!, 5), nic[structure]!, 4);
}

function hasSameSiret(state: State, structure: number): boolean {
  return fraction(state.seed, stream.sameSiret, structure) < state.born.sameSiret;
}

/** SIREN body and NIC of a practice by its rank. */
export function practiceNumbers(rank: number): { siren: number; nic: number } {
  return {
    siren: practiceSirens + (rank % practiceSirenRoom),
    nic: Math.floor(rank / practiceSirenRoom) + 1,
  };
}

/** Rank of the practice that has a SIRET of its own, by `practiceNumbers`. */
export function practiceRank(siret: string): number | undefined {
  const siren = bodyOf(siret.slice(0, 9), '999', 5);
  const nic = bodyOf(siret.slice(9), '', 4);
  if (siren === undefined || nic === undefined || siren < practiceSirens || nic < 1) return undefined;
  return siren - practiceSirens < practiceSirenRoom
    ? (nic - 1) * practiceSirenRoom + siren - practiceSirens
    : undefined;
}

/** Rank of a practice in the RPPS: the owner's RPPS and three digits. */
export function rangOf(state: State, structure: number): string {
  const owner = state.structures.columns.parent[structure]!;
  const rank = state.structures.columns.rank[structure]!;
  const first = rank + state.firstOwner === owner ? '001' : String(100 + (rank % 900));
  return `${numbered('109', state.scatters.rpps.to(owner), 7)}${first}`;
}

/** National id of a structure: `1` FINESS, `2` SIREN, `3` SIRET, `4` rank of the RPPS. */
export function idNatStOf(state: State, structure: number): string {
  const said = state.structuresSaid.get(structure);
  if (said?.idNatSt) return said.idNatSt;
  const siret = said?.siret ?? (said?.finessOf === undefined ? undefined : siretOf(state, structure));
  if (siret && !said?.finess) return `3${siret}`;
  const finess = finessOf(state, structure);
  if (finess) return `1${finess}`;
  return said?.siren ? `2${said.siren}` : `4${rangOf(state, structure)}`;
}

/** `F` and FINESS, or `R` and the rank of the RPPS. */
export function technicalOf(state: State, structure: number): string {
  const finess = finessOf(state, structure);
  if (finess) return `F${finess}`;
  const said = state.structuresSaid.get(structure);
  return said?.siren ? `C${said.siret ?? said.siren}` : `R${rangOf(state, structure)}`;
}

/** Identifier of a situation d'exercice: ten digits. */
export function situationOf(state: State, role: number): string {
  return `10${String(state.scatters.situation.to(role)).padStart(8, '0')}`;
}

/** Authorisation numbers of activities and heavy devices. */
export function authorisationOf(structure: number, index: number, kind: 'service' | 'device'): string {
  const part = String((structure % 90) + 10);
  return `${part}-${kind === 'service' ? '04' : '93'}-${String(index).padStart(6, '0')}`;
}
