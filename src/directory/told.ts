/** Answers of the directory's operations, as plain JSON. Keys of records are short (directory/keys.ts). */
import type { Issue } from '../fhir/issue.ts';
import type { AnyResource } from '../fhir/types.ts';

/** A record in a list. */
export type RecordSummary = {
  kind: string;
  key: string;
  name: string;
  state: string;
  source: string;
  commune?: string;
  identifiers: string[];
};

/** All that is held of one record. */
export type RecordDetail = {
  /** What each source says, first the one that readers see. */
  records: (RecordSummary & { asOf?: string; resource: AnyResource; succeeds?: string })[];
  /** What runs changed of it, newest first. */
  history: { run: number; source: string; op: string; at?: string }[];
  succeededBy: string[];
  roles: RecordSummary[];
};

export type ToldProposal = {
  key: string;
  name: string;
  score: number;
  reasons: string[];
  state: string;
  source: string;
};

/** One item of a network and what matching says of it; `n` counts the items in their order. */
export type ToldMatch = {
  n: number;
  network: string;
  item: string;
  kind: string;
  name: string;
  place?: string;
  status: string;
  key?: string;
  by?: string;
  proposals: ToldProposal[];
};

export type ToldFinding = {
  kind: string;
  network: string;
  type: string;
  key: string;
  name: string;
  message: string;
  place?: string;
  wrong?: string;
  proposed?: string;
};

export type MatchResult = {
  ruleVersion: string;
  matches: ToldMatch[];
  findings: ToldFinding[];
  issues: Issue[];
};

/** What a person decides about the pair of item `n` (as `item` in `network`) and a record. */
export type MatchDecisionArguments = {
  decision: 'accept' | 'refuse' | 'undo';
  n: number;
  key: string;
  network?: string;
};

export type NearestArguments = {
  /** Code or word of a profession, e.g. `medecin`. */
  profession: string;
  speciality?: string;
  /** INSEE code, name, or name and postal code. */
  commune: string;
  newPatients?: boolean;
  limit?: number;
  /** Kilometres; default 100. */
  within?: number;
};

export type NearestOffer = {
  km: number;
  commune: string;
  communeName?: string;
  role: string;
  practitioner?: string;
  name?: string;
  structure?: string;
  structureName?: string;
  profession: string;
  codes: string[];
  source: string;
  /** The source's own date. */
  asOf?: string;
  /** What a network declares. */
  newPatients?: { accepts: boolean; network: string; on?: string };
};

export type NearestResult = {
  commune: { insee: string; name?: string; lat: number; lon: number };
  offers: NearestOffer[];
};
