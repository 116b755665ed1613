/** All state of a population: one table a type, the lists that link them, and what is pinned or special about single records. */
import { createScatter, type Scatter } from './numbers.ts';
import { createTable, none, type Table } from './table.ts';
import type {
  BornQuirk,
  LifeRates,
  PinnedPerson,
  PinnedStructure,
  PopulationOptions,
  Quirks,
  ServedType,
} from './types.ts';

/** Days before `start` in which what is there on the first day was last changed. */
export const past = 1000;
/** Days that a stub of a closed record is shown. */
export const stubDays = 30;

/** Levels of structures, as their column holds them. */
export const level = { legal: 0, site: 1, practice: 2 } as const;

export type People = Table<{ profession: Uint8Array; mailbox: Uint8Array; firstRole: Uint32Array }>;
export type Roles = Table<{
  person: Uint32Array;
  structure: Uint32Array;
  nextOfPerson: Uint32Array;
  nextOfStructure: Uint32Array;
}>;
export type Structures = Table<{
  level: Uint8Array;
  /** Row of the table of categories (legal, site) or of sectors (practice). */
  category: Uint8Array;
  commune: Uint16Array;
  place: Uint8Array;
  /** Order among those with FINESS, or among practices: their numbers follow from it. */
  rank: Uint32Array;
  siren: Uint32Array;
  nic: Uint16Array;
  nextOfSiren: Uint32Array;
  /** Legal entity of a site; person who owns a practice. */
  parent: Uint32Array;
  firstSite: Uint32Array;
  nextSite: Uint32Array;
  firstRole: Uint32Array;
  firstService: Uint32Array;
  firstDevice: Uint32Array;
}>;
export type SiteServices = Table<{ structure: Uint32Array; next: Uint32Array }>;

/** What a scenario or a pin says of one structure instead of what would be drawn. */
export type StructureSaid = PinnedStructure & {
  /** FINESS of another structure, during a handover (P-3). */
  finessOf?: number;
};

export type State = {
  seed: number;
  start: string;
  /** `start` in milliseconds since 1970, and the dates told so far. */
  startMs: number;
  dates: Map<number, string>;
  /** Today. */
  day: number;
  /** Days on which the platform changed (P-1). */
  platformDays: number[];
  quirks: Quirks;
  /** Chances that are drawn when a record is asked for: fixed for life, or content would change unseen. */
  born: Pick<Quirks, BornQuirk>;
  rates: LifeRates;
  people: People;
  roles: Roles;
  structures: Structures;
  services: SiteServices;
  devices: SiteServices;
  /** Person who owns the practice of rank 0. */
  firstOwner: number;
  /** Structures by rank. */
  withFiness: number[];
  practices: number[];
  /** Practices beyond the first of their owner, by their rank in the RPPS. */
  laterPractices: Map<string, number>;
  structuresSaid: Map<number, StructureSaid>;
  peopleSaid: Map<number, PinnedPerson & { family?: string }>;
  /** Indexes by `type system|value`, of identifiers that do not follow from the index. */
  special: Map<string, number[]>;
  /** FINESS bodies that are taken by a pin. */
  pinnedFiness: Set<number>;
  /** Ranks whose FINESS number a pin has taken, and the rank whose number they have instead. */
  movedFiness: Map<number, number>;
  scatters: { rpps: Scatter; finess: Scatter; situation: Scatter };
  /** First structure by SIREN body. */
  firstOfSiren: Uint32Array;
  /** People who opened a practice after the first day. */
  laterOwners: Set<number>;
  /** Pharmacies being taken over, and the day each closes. */
  handovers: { old: number; ends: number }[];
  /** Bumped by every change: what was counted before is stale. */
  changes: number;
};

export const defaultQuirks: Quirks = {
  wrongDigit: 0.0005,
  sameSiret: 0.001,
  sameFiness: 0.000005,
  hidden: 0.002,
  vanish: 0.05,
  staleRole: 0.1,
  lingering: 0.02,
  otherMailbox: 0.02,
  recreate: 0.0001,
  reload: 0.01,
  platform: 0,
};

export const defaultRates: LifeRates = {
  newPerson: 0.0001,
  retirement: 0.00008,
  move: 0.0004,
  secondRole: 0.00005,
  roleChange: 0.0001,
  nameChange: 0.00003,
  mailboxChange: 0.0001,
  opening: 0.0001,
  closing: 0.00008,
  renaming: 0.00005,
  relocation: 0.00005,
  merger: 0.00002,
};

export function createState(options: PopulationOptions): State {
  const { seed, roles } = options;
  const people = Math.max(1, Math.round(roles * 0.7));
  const structures = Math.max(5, Math.round(roles * 0.5));
  return {
    seed,
    start: options.start,
    startMs: Date.parse(`${options.start}T00:00:00Z`),
    dates: new Map(),
    day: past,
    platformDays: [],
    quirks: { ...defaultQuirks, ...options.quirks },
    born: { ...defaultQuirks, ...options.quirks },
    rates: { ...defaultRates, ...options.rates },
    people: createTable(people + 64, {
      profession: new Uint8Array(0),
      mailbox: new Uint8Array(0),
      firstRole: new Uint32Array(0),
    }),
    roles: createTable(roles + 64, {
      person: new Uint32Array(0),
      structure: new Uint32Array(0),
      nextOfPerson: new Uint32Array(0),
      nextOfStructure: new Uint32Array(0),
    }),
    structures: createTable(structures + 64, {
      level: new Uint8Array(0),
      category: new Uint8Array(0),
      commune: new Uint16Array(0),
      place: new Uint8Array(0),
      rank: new Uint32Array(0),
      siren: new Uint32Array(0),
      nic: new Uint16Array(0),
      nextOfSiren: new Uint32Array(0),
      parent: new Uint32Array(0),
      firstSite: new Uint32Array(0),
      nextSite: new Uint32Array(0),
      firstRole: new Uint32Array(0),
      firstService: new Uint32Array(0),
      firstDevice: new Uint32Array(0),
    }),
    services: createTable(64, { structure: new Uint32Array(0), next: new Uint32Array(0) }),
    devices: createTable(64, { structure: new Uint32Array(0), next: new Uint32Array(0) }),
    firstOwner: 0,
    withFiness: [],
    practices: [],
    laterPractices: new Map(),
    structuresSaid: new Map(),
    peopleSaid: new Map(),
    special: new Map(),
    pinnedFiness: new Set(),
    movedFiness: new Map(),
    scatters: {
      rpps: createScatter(9_990_000, 7_368_787, seed * 7919),
      finess: createScatter(1_000_000, 618_033, seed * 104_729),
      situation: createScatter(100_000_000, 61_803_399, seed * 15_485_863),
    },
    firstOfSiren: new Uint32Array(100_000).fill(none),
    laterOwners: new Set(),
    handovers: [],
    changes: 0,
  };
}

export function tableOf(state: State, type: ServedType): Table {
  switch (type) {
    case 'Practitioner':
      return state.people;
    case 'PractitionerRole':
      return state.roles;
    case 'Organization':
      return state.structures;
    case 'HealthcareService':
      return state.services;
    case 'Device':
      return state.devices;
  }
}

/** Shown today. */
export function isServed(state: State, table: Table, index: number): boolean {
  return table.columns.shown[index]! <= state.day && state.day < table.columns.gone[index]!;
}
