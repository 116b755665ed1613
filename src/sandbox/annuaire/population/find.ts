/** From an identifier back to the records that carry it, without a table of all identifiers. */

import {
  finessOf,
  structureOfFiness,
  idNatStOf,
  practiceRank,
  rppsOf,
  siretOf,
  sirenOf,
  technicalOf,
} from './identify.ts';
import { chain } from './close.ts';
import { bodyOf } from './numbers.ts';
import { deviceFacts, serviceFacts, roleFacts } from './situation.ts';
import { level, type State, tableOf } from './state.ts';
import { none } from './table.ts';
import { codes } from './tables.ts';
import type { ServedType } from './types.ts';

const { systems } = codes;

/** Indexes of the type that carry `system|value`, in order. */
export function findRecords(state: State, type: ServedType, identifier: string): number[] {
  const bar = identifier.indexOf('|');
  const [system, value] = [identifier.slice(0, bar), identifier.slice(bar + 1)];
  const candidates = [
    ...(state.special.get(`${type} ${identifier}`) ?? []),
    ...candidatesOf(state, type, system, value),
  ];
  const size = tableOf(state, type).size;
  const carriers = candidates.filter((index) => index < size && carries(state, type, index, system, value));
  return [...new Set(carriers)].sort((a, b) => a - b);
}

function candidatesOf(state: State, type: ServedType, system: string, value: string): number[] {
  switch (type) {
    case 'Practitioner': {
      const rpps = system === systems.idNatPs ? value.slice(1) : value;
      const body = bodyOf(rpps, '109', 7);
      return body === undefined || body >= 9_990_000 ? [] : [state.scatters.rpps.from(body)];
    }
    case 'PractitionerRole':
      return /^10[0-9]{8}$/.test(value) ? [state.scatters.situation.from(Number(value.slice(2)))] : [];
    case 'Organization':
      return structureCandidates(state, system, value);
    case 'HealthcareService':
    case 'Device':
      return /^[0-9]{2}-[0-9]{2}-[0-9]{6}$/.test(value) ? [Number(value.slice(6))] : [];
  }
}

function structureCandidates(state: State, system: string, value: string): number[] {
  if (system === systems.finess) return byFiness(state, value);
  if (system === systems.sirene) return value.length === 14 ? bySiret(state, value) : bySiren(state, value);
  if (system !== systems.idNatSt && system !== systems.rppsRang) return [];
  const [kind, rest] = [value[0], value.slice(1)];
  if (kind === '1' || kind === 'F') return byFiness(state, rest);
  if (kind === '3') return bySiret(state, rest);
  return kind === '4' || kind === 'R' ? byRang(state, rest) : [];
}

function byFiness(state: State, finess: string): number[] {
  const body = bodyOf(finess, '99', 6);
  if (body === undefined) return [];
  const structure = structureOfFiness(state, body);
  return structure === undefined ? [] : [structure];
}

/** All structures of a legal entity share its SIREN; those of practices have one of their own or their neighbours'. */
function bySiren(state: State, siren: string): number[] {
  const body = bodyOf(siren, '999', 5);
  if (body === undefined) return [];
  return chain(state.firstOfSiren[body] ?? none, state.structures.columns.nextOfSiren);
}

function bySiret(state: State, siret: string): number[] {
  const rank = practiceRank(siret);
  if (rank === undefined) return bySiren(state, siret.slice(0, 9));
  return [state.practices[rank], state.practices[rank + 1]].filter((one) => one !== undefined);
}

function byRang(state: State, rang: string): number[] {
  const body = bodyOf(rang.slice(0, 11), '109', 7);
  if (body === undefined || rang.length !== 14) return [];
  const owner = state.scatters.rpps.from(body);
  const later = state.laterPractices.get(`${owner} ${Number(rang.slice(11))}`);
  const first = state.practices[owner - state.firstOwner];
  return [first, later].filter((one) => one !== undefined);
}

function carries(state: State, type: ServedType, index: number, system: string, value: string): boolean {
  switch (type) {
    case 'Practitioner': {
      const rpps = rppsOf(state, index);
      return (
        (system === systems.rpps && value === rpps) || (system === systems.idNatPs && value === `8${rpps}`)
      );
    }
    case 'PractitionerRole':
      return system === systems.rpps && roleFacts(state, index).situation === value;
    case 'Organization':
      return structureCarries(state, index, system, value);
    case 'HealthcareService':
      return system === systems.arhgos && serviceFacts(state, index).authorisation === value;
    case 'Device':
      return system === systems.arhgos && deviceFacts(state, index).authorisation === value;
  }
}

function structureCarries(state: State, index: number, system: string, value: string): boolean {
  const isSite = state.structures.columns.level[index] === level.site;
  switch (system) {
    case systems.finess:
      return finessOf(state, index) === value;
    case systems.idNatSt:
      return idNatStOf(state, index) === value;
    case systems.rppsRang:
      return technicalOf(state, index) === value;
    case systems.sirene:
      return siretOf(state, index) === value || (!isSite && sirenOf(state, index) === value);
    default:
      return false;
  }
}
