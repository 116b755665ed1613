/**
 * Words of the emulated national directory: people, structures and their situations, living day by day. Everything is a
 * function of the seed: the same seed gives the same bytes on any machine. Indexes of a type run from 0, are given in
 * order of creation and never change or are given twice.
 */
import type { AnyResource } from '../../../fhir/types.ts';
import type { PersonFacts, RoleFacts, SiteServiceFacts, StructureFacts } from './facts.ts';

/** The five types that Annuaire v2 serves. */
export const servedTypes = [
  'Practitioner',
  'PractitionerRole',
  'Organization',
  'HealthcareService',
  'Device',
] as const;
export type ServedType = (typeof servedTypes)[number];

/** One record as it stands today. */
export type Entry = {
  type: ServedType;
  index: number;
  /** The server's own id: other after a change of platform (P-1). */
  remoteId: string;
  versionId: string;
  /** Instant with offset; milliseconds since 1970 in `updatedAt`. */
  lastUpdated: string;
  updatedAt: number;
  active: boolean;
  /** Whether the API shows it today: not yet published, or gone (stub forgotten, vanished, reload) when false. */
  served: boolean;
  /** What the API answers; of a closed record only id, identifiers and `active=false`. */
  resource(): AnyResource;
};

/** Which entries; all conditions hold together. Entries not served are never among them. */
export type EntryFilter = {
  /** `updatedAt` ≥ this (milliseconds since 1970). */
  from?: number;
  /** `updatedAt` < this. */
  before?: number;
  active?: boolean;
  /** Only these indexes (as `find` and `linked` give them). */
  among?: readonly number[];
  /** Any other condition; called with indexes of served records only. */
  test?: (index: number) => boolean;
};

/** Chances of what goes wrong, 0 = never. Of a record when it is made, unless said otherwise. */
export type Quirks = {
  /** RPPS, FINESS or SIREN whose last digit is wrong. */
  wrongDigit: number;
  /** Structures that carry the SIRET of another one (P-3). */
  sameSiret: number;
  /** Pharmacies a day, of all, that are taken over: two of them with one FINESS for some weeks (P-3). */
  sameFiness: number;
  /** Structures that roles refer to and the API does not serve (P-4); each appears some day later. */
  hidden: number;
  /** Closings without any stub (P-10). */
  vanish: number;
  /** Roles that stay active after their person has retired (#400). */
  staleRole: number;
  /** Closed people that stay visible for ever (#418). */
  lingering: number;
  /** Addresses that the flat files give and the API no longer has, or the other way round (P-17). */
  otherMailbox: number;
  /** Roles closed and made again under a new situation d'exercice, a day, of all active (P-2). */
  recreate: number;
  /** Reloads by the operator, a day: every stub is forgotten at once. */
  reload: number;
  /** Changes of platform, a day: every remote id changes (P-1). */
  platform: number;
};

/** Quirks of records themselves: fixed when the population is made. */
export type BornQuirk = 'wrongDigit' | 'sameSiret' | 'hidden' | 'otherMailbox';

/** What life does: chances a day, of all records of the type. */
export type LifeRates = {
  newPerson: number;
  retirement: number;
  /** Moves of practice: role closed, another created elsewhere. */
  move: number;
  /** A second place of practice. */
  secondRole: number;
  roleChange: number;
  nameChange: number;
  mailboxChange: number;
  opening: number;
  closing: number;
  renaming: number;
  relocation: number;
  /** Mergers of legal entities. */
  merger: number;
};

/** What a scenario makes happen on a day. Identifiers are `system|value`. */
export type ForcedEvent =
  | { kind: 'reload' }
  | { kind: 'platform' }
  | { kind: 'close'; type: ServedType; identifier: string; /** Default true. */ stub?: boolean }
  | { kind: 'rename'; identifier: string; name: string }
  | { kind: 'relocate'; identifier: string; /** INSEE code; a drawn one without it. */ commune?: string }
  | { kind: 'retire'; identifier: string }
  | {
      kind: 'move';
      identifier: string;
      /** Structure the person goes to; a drawn one without it. */ to?: string;
    }
  | { kind: 'recreate'; identifier: string }
  | { kind: 'merge'; from: string; into: string };

/** How often what happened on a day; `unknown` are forced events whose identifier nobody has. */
export type DayTold = Record<keyof LifeRates, number> & {
  recreated: number;
  handover: number;
  shown: number;
  vanished: number;
  reload: number;
  platform: number;
  forced: number;
  unknown: number;
};

/** A structure that always exists, as an example network names it. */
export type PinnedStructure = {
  finess?: string;
  siren?: string;
  siret?: string;
  idNatSt?: string;
  name?: string;
  /** TRE_R66 code; TRE_R02 code. */
  category?: string;
  sector?: string;
  /** INSEE code; name and postcode of a town that has none. */
  commune?: string;
  city?: string;
  postcode?: string;
  /** A legal entity; without it, what has a FINESS is a site. */
  legal?: boolean;
  /** FINESS or SIREN of its legal entity, pinned too. */
  parent?: string;
  phone?: string;
  mailbox?: string;
};

/** A person who always exists. */
export type PinnedPerson = {
  rpps: string;
  family?: string;
  given?: string;
  /** TRE_G15 code; TRE_R38 code. */
  profession?: string;
  knowHow?: string;
  /** FINESS, SIRET, SIREN or idNatSt of pinned structures: one role in each. */
  structures?: readonly string[];
  mailbox?: string;
};

export type Pinned = { people?: readonly PinnedPerson[]; structures?: readonly PinnedStructure[] };

export type PopulationOptions = {
  seed: number;
  /** Active roles on the first day: 1 to 2,000,000. People are about 7 in 10, structures one in two. */
  roles: number;
  /** First day, YYYY-MM-DD. */
  start: string;
  pinned?: Pinned;
  quirks?: Partial<Quirks>;
  rates?: Partial<LifeRates>;
};

/** Days are numbered from an origin before `start`: what was there on the first day was last updated before it. */
export type Population = {
  readonly seed: number;
  /** Today, YYYY-MM-DD and as a number. */
  readonly day: string;
  readonly dayNumber: number;
  readonly startNumber: number;
  readonly quirks: Readonly<Quirks>;
  readonly rates: Readonly<LifeRates>;
  /** Chances from now on; the rest stays. */
  change(chances: { quirks?: Partial<Omit<Quirks, BornQuirk>>; rates?: Partial<LifeRates> }): void;
  /** One day of life, then what is forced. */
  advance(forced?: readonly ForcedEvent[]): DayTold;
  /** Indexes given so far; how many of them are served today. */
  count(type: ServedType): number;
  served(type: ServedType): number;
  /** Not closed, whether it is served or not. */
  isActive(type: ServedType, index: number): boolean;
  personOfRole(role: number): number;
  /** FINESS of a legal entity or site; undefined of a practice. */
  finessOf(structure: number): string | undefined;
  at(type: ServedType, index: number): Entry | undefined;
  /** Index of today's remote id. */
  indexOf(type: ServedType, remoteId: string): number | undefined;
  /** Indexes that carry the identifier `system|value`, served or not. */
  find(type: ServedType, identifier: string): number[];
  /** Served entries with an index greater than `after` (−1: from the first), at most `limit`, in order of index. */
  entries(type: ServedType, filter: EntryFilter, after: number, limit: number): Entry[];
  /** Indexes of all served entries that a filter lets through, in order; nothing is built for them. */
  indexes(type: ServedType, filter: EntryFilter): Int32Array;
  /** How many served entries a filter lets through. */
  total(type: ServedType, filter: EntryFilter): number;
  /** Records that refer to this one: roles of a person or structure, sites, services, devices of a structure. */
  linked(type: ServedType, field: 'practitioner' | 'organization' | 'partof', index: number): number[];
  /** The business key `system|value` of a record, the same for life. */
  key(type: ServedType, index: number): string;
  /** What is known of a record beyond what the API shows; undefined beyond `count`. */
  person(index: number): PersonFacts | undefined;
  structure(index: number): StructureFacts | undefined;
  role(index: number): RoleFacts | undefined;
  service(index: number): SiteServiceFacts | undefined;
  device(index: number): SiteServiceFacts | undefined;
  /**
   * First day shown, first day no longer shown (Infinity: not known), day written last, by number: for the ideal reader.
   * `stamp`: another one whenever the record was shown last with another content.
   */
  span(type: ServedType, index: number): { shown: number; gone: number; written: number; stamp: string };
  /** What the API answered on the last day it showed the record. */
  lastServed(type: ServedType, index: number): AnyResource;
  dateOf(dayNumber: number): string;
};
