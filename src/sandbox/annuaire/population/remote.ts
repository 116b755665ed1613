/** Ids of the server: other on every platform (P-1), and found again without a table. */
import { draw } from './chance.ts';
import type { State } from './state.ts';
import { stream } from './streams.ts';
import type { ServedType } from './types.ts';

const prefixes: Record<ServedType, string> = {
  Organization: '001',
  Device: '002',
  Practitioner: '003',
  HealthcareService: '004',
  PractitionerRole: '005',
};

export function typeNumber(type: ServedType): number {
  return Number(prefixes[type]);
}

/** `platform`: how many changes of platform there had been. */
export function remoteIdOf(state: State, type: ServedType, index: number, platform: number): string {
  const number = index + 100_000 + platform * 7_000_000;
  const check = draw(state.seed, stream.remote + typeNumber(type), index, platform) % 9_000_000;
  return `${prefixes[type]}-${number}-${1_000_000 + check}`;
}

/** The index that a remote id of this platform would have; the caller compares. */
export function indexOfRemote(type: ServedType, remoteId: string, platform: number): number | undefined {
  const match = /^([0-9]{3})-([0-9]{6,9})-[0-9]{7}$/.exec(remoteId);
  if (!match || match[1] !== prefixes[type]) return undefined;
  const index = Number(match[2]) - 100_000 - platform * 7_000_000;
  return index >= 0 ? index : undefined;
}

/** How many changes of platform there had been by the end of a day. */
export function platformOn(state: State, day: number): number {
  let count = 0;
  for (const changed of state.platformDays) if (changed <= day) count += 1;
  return count;
}
