/** Words of the directory: what a source says, page by page, and what of it is held. */
import type { BusinessKey } from '../fhir/key.ts';
import type { Issue } from '../fhir/issue.ts';
import type { Json } from '../fhir/types.ts';

/** FHIR types that a directory holds. */
export type RecordKind =
  | 'Practitioner'
  | 'PractitionerRole'
  | 'Organization'
  | 'HealthcareService'
  | 'Device'
  | 'Location'
  | 'Endpoint'
  | 'OrganizationAffiliation';

/**
 * How a record stands: `closed` the source says so (`active=false`, a closing date, a delete); `vanished` two proven
 * complete runs did not show it; `stub` something refers to it and the source never showed it (P-4).
 */
export type RecordState = 'active' | 'closed' | 'vanished' | 'stub';

/** Where a record refers to: a business key, or the source's own id until that id is known (P-1). */
export type Link = { key: BusinessKey } | { remote: string };

/** What a record is found by. `name` is for people; `codes` are `system|code`. Degrees are WGS84. */
export type Facts = {
  practitioner?: Link;
  organization?: Link;
  partOf?: Link;
  /** Identifiers beside the key. */
  identifiers?: readonly BusinessKey[];
  name?: string;
  /** Code of the profession (TRE_G15 or its like), of roles. */
  profession?: string;
  codes?: readonly string[];
  /** INSEE code of the commune. */
  commune?: string;
  position?: { lat: number; lon: number };
};

/**
 * One record as a source gave it. `content` is the canonical text that is held: JSON of a resource (`form: 'fhir'`), or
 * columns of a file whose form src/directory/resource.ts turns into a resource on read; `hash` is of that text.
 */
export type ReadRecord = {
  kind: RecordKind;
  key: BusinessKey;
  state: 'active' | 'closed';
  form: string;
  content: string;
  hash: Buffer;
  remoteId?: string;
  remoteVersion?: string;
  facts: Facts;
};

/** A record by the source's own id or by its key, without what is said of it. */
export type NamedRecord = { kind: RecordKind } & ({ remote: string } | { key: BusinessKey });

/** An explicit delete, as a history tells it (MCSD-12). */
export type ReadRemoval = NamedRecord;

/** What was done to get a page; summed up in the run's report. */
export type Tally = {
  requests?: number;
  retries?: number;
  splits?: number;
  waitedMs?: number;
  bytes?: number;
};

/** One page, chunk of lines or slice: committed with its checkpoint, so that a killed run goes on after it (P-8). */
export type SourcePage = {
  /** Where reading goes on after this page; only the source understands it. */
  checkpoint: Json;
  /** SHA-256 of the bytes read, hexadecimal: a link of the report's hash chain. */
  digest: string;
  /** Records in the page, known ones included. */
  rows: number;
  /** New or different ones only: what `known` knew is marked there instead. */
  records: readonly ReadRecord[];
  removed: readonly ReadRemoval[];
  /** What could not be read and names its record: that is there, and so is all that a professional does (P-10). */
  unread?: readonly NamedRecord[];
  tally: Tally;
  /** What was wrong in it and could be survived, with file:line or FHIRPath; never a person's data. */
  issues: readonly Issue[];
};

/** How reading ended. `complete` is a proof: everything the source holds was read, and counted against its totals. */
export type ReadEnd = {
  complete: boolean;
  /** Why it is not complete, in French. */
  incomplete?: string;
  /** What the next delta begins from; absent: only full runs. */
  cursor?: Json;
  /** The source's own date of what was read. */
  asOf: Date;
  /** Of every kind that was asked for: records of another kind are not missing because they were not shown. */
  totals: readonly { kind: RecordKind; read: number; expected?: number }[];
};

/**
 * What the source said before: an unchanged record costs its hash and no parse. `has` also marks the record as seen.
 * A record with a hash seen by no `has` and no page of a complete run is missing from the source.
 */
export type Known = { has(hash: Buffer): boolean };

export type ReadAsk = {
  mode: 'full' | 'delta';
  /** Cursor of the last applied run (delta). */
  cursor?: Json;
  /** Date of what was last applied: an older file is told, a delta beyond the source's window is refused (P-10). */
  asOf?: Date;
  /** Checkpoint of the last committed page of a run that was killed. */
  resume?: Json;
  known: Known;
  signal: AbortSignal;
};

/**
 * A directory somewhere else. `read` yields pages and returns how it ended; it throws GatewayError (side `directory`)
 * when it cannot go on, and everything committed until then stands for a resume.
 */
export type DirectorySource = {
  id: string;
  kind: 'annuaire' | 'extract' | 'finess' | 'mcsd' | 'ror';
  /** Delta needs a cursor; a file source reads in full always. */
  modes: readonly ('full' | 'delta')[];
  /**
   * Kinds that this source knows only from the roles that name them. They are not asked of `known` (it need not hold them):
   * one of them is missing when no role of the source that refers to it is left.
   */
  derived?: readonly RecordKind[];
  /** An id stays with its record until a delete is told: a delta that shows a record under a second id only claims it. */
  keepsIds?: boolean;
  /** The next page may be read while one is committed: a killed run reads two again, which costs a file nothing. */
  readsAhead?: boolean;
  read(ask: ReadAsk): AsyncGenerator<SourcePage, ReadEnd>;
};
