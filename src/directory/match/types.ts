/** Words of matching: what networks name, what the directory holds, and what a comparison makes of the two. */
import type { BusinessKey } from '../../fhir/key.ts';

/** What can be matched: a structure or a person. */
export type MatchKind = 'Organization' | 'Practitioner';

/** A structure or person as one network names it. */
export type MatchItem = {
  network: string;
  kind: MatchKind;
  /** Business key of the network's resource: what decisions are kept under. */
  key: BusinessKey;
  /** National identifiers, best first. */
  identifiers: readonly BusinessKey[];
  name: string;
  family?: string;
  given?: string;
  /** INSEE codes where it may be; empty: no proposal by name. */
  communes: readonly string[];
  /** `system|code` of categories or professions. */
  codes: readonly string[];
  /** Keys of the structures where the network says that the person works. */
  workplaces: readonly BusinessKey[];
  /** `file:line` of what describes it. */
  place?: string;
};

/** One thing of the directory, whatever number of sources speak of it. */
export type Candidate = {
  kind: MatchKind;
  /** Key of the row that readers see. */
  key: BusinessKey;
  /** Keys of all its rows and of the records it succeeds (P-2). */
  keys: readonly BusinessKey[];
  identifiers: readonly BusinessKey[];
  name: string;
  communes: readonly string[];
  codes: readonly string[];
  /** Keys of structures where a person has a role in use. */
  workplaces: readonly BusinessKey[];
  state: string;
  source: string;
};

/** What a person decided about a pair; keys are long. */
export type Decided = { item: BusinessKey; key: BusinessKey; decision: 'accepted' | 'refused' };

export type Proposal = {
  candidate: Candidate;
  /** 0–100; a hundred only by identifier. */
  score: number;
  /** Why, in French; never a person's data. */
  reasons: readonly string[];
};

/**
 * `accepted` a person said so; `matched` an identifier says so; `proposed` one candidate by name; `ambiguous` several by
 * identifier or by name; `unknown` none.
 */
export type MatchStatus = 'accepted' | 'matched' | 'proposed' | 'ambiguous' | 'unknown';

export type Match = {
  item: MatchItem;
  status: MatchStatus;
  /** Of `accepted` and `matched`: the record; of `accepted` absent when the directory no longer has it. */
  candidate?: Candidate;
  /** The identifier that both have (`matched`; `ambiguous` when it is in several records, P-3). */
  by?: BusinessKey;
  /** Another record has the item's identifier than the one a person accepted. */
  contradicted?: Candidate;
  /** What a person accepted, where that ended and `candidate` succeeds it (P-2). */
  succeeded?: BusinessKey;
  /** Best first; of `proposed` and `ambiguous`. */
  proposals: readonly Proposal[];
};

/** `mappings/exchange/matching.yaml`. */
export type MatchRules = {
  version: string;
  short: Readonly<Record<string, string>>;
  ignored: readonly string[];
  titles: readonly string[];
  generic: readonly string[];
  points: Readonly<
    Record<'name' | 'family' | 'given' | 'commune' | 'category' | 'profession' | 'workplace', number>
  >;
  closed: number;
  least: number;
  near: number;
};
