/** Answers of the directory's operations, as plain JSON. Keys of records are short (directory/keys.ts). */
import type { Share } from './share/types.ts';
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
  records: (RecordSummary & {
    /** The source's own date of what is held of it. */
    asOf?: string;
    /** Since when it is held, and when its source showed it last, as far as is proven. */
    firstSeen?: string;
    lastSeen?: string;
    resource: AnyResource;
    succeeds?: string;
  })[];
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
  /** Somebody lets it stand, until this day. */
  tolerated?: { until: string; reason: string };
};

/** A finding as it is kept; keys of records are short, `key` is that of the network's resource. */
export type KeptFinding = {
  kind: string;
  type: string;
  key: string;
  severity: string;
  state: string;
  message: string;
  /** FHIRPath of the element concerned. */
  expression: string;
  wrong?: string;
  proposed?: string;
  theme: string;
  action: string;
  networks: { network: string; place?: string }[];
  firstSeen: string;
  lastSeen: string;
  tolerated?: { until: string; reason: string; actor: string; decidedAt: string };
};

/** `undo`: takes the tolerance back; else `reason` and `until` (a day) are needed. */
export type TolerateArguments = {
  /** Number or key of the network's resource. */
  key: string;
  /** Needed when the resource has several findings. */
  kind?: string;
  reason?: string;
  until?: string;
  undo?: boolean;
};

export type MatchResult = {
  ruleVersion: string;
  matches: ToldMatch[];
  findings: ToldFinding[];
  /** Shares of the specialists of their territory, of the networks that are to know them. */
  shares: Share[];
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
