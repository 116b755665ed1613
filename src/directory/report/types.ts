/** The report of a sync run: what was read, how far it is proven to be all, and what came of it. No person's data. */

/** What a deletion rests on: the source said so, or two proven complete readings did not show the record. */
export type Certainty = 'told-by-source' | 'absent-twice';

/** A page read: `chain` is its link, SHA-256 of the link before, its digest and its rows (chain.ts). */
export type ReportPage = { seq: number; rows: number; digest: string; chain: string };

export type ReportTotal = { kind: string; read: number; expected?: number };

export type KindChanges = {
  kind: string;
  created: number;
  changed: number;
  closed: number;
  vanished: number;
  reopened: number;
  /** Only the source's own id changed (P-1). */
  moved: number;
  /** Not shown by this complete reading, for the first time: nothing is concluded yet (P-10). */
  missed: number;
  /** Several contents for one key: left as they were (P-3). */
  ambiguous: number;
};

/** Records of a kind that are no longer active; `readings` are the days of the complete readings that prove it. */
export type Deletion = { kind: string; certainty: Certainty; count: number; readings?: string[] };

export type ReportIssue = { rule: string; severity: string; count: number; example?: string };

/**
 * Of the configuration: the share (0 to 1) of held records that may change, and how many always may. `stopped` says whether
 * somebody was to look first, `reasons` why; a run that was then applied was confirmed.
 */
export type ReportBrake = {
  share: number;
  freely: number;
  stopped: boolean;
  reasons: string[];
};

export type SyncReport = {
  passerelle: 'sync-report';
  version: 1;
  /** Version of the program that read. */
  program: string;
  source: { id: string; kind: string };
  run: number;
  mode: 'full' | 'delta' | 'rollback';
  status: string;
  /** ISO 8601. `asOf` is the source's own date of what it gave; `ageSeconds` how old that was when the run ended. */
  dates: { startedAt: string; finishedAt: string; asOf?: string; ageSeconds?: number };
  complete: boolean;
  /** Why it is not complete, in French. */
  incomplete?: string;
  work: { requests: number; retries: number; splits: number; waitedMs: number; bytes: number };
  /** Numbers of the pages after which reading went on once it had been interrupted. */
  resumedAfter: number[];
  totals: ReportTotal[];
  /** Targets that something refers to and that no source showed; how many of earlier ones this run found. */
  dangling: { open: number; created: number; resolved: number };
  changes: KindChanges[];
  deletions: Deletion[];
  /** Keys left as they were held, `Kind system|value`; the first hundred (P-3). Absent when there are none. */
  ambiguous?: string[];
  issues: ReportIssue[];
  brake: ReportBrake;
  chain: { algorithm: 'SHA-256'; start: string; end: string; pages: number; rows: number };
  pages: ReportPage[];
};

/** Ed25519 public key (RFC 8037), and the detached JWS (RFC 7515, appendix F) over the canonical JSON of the rest. */
export type ReportSignature = {
  key: { kty: 'OKP'; crv: 'Ed25519'; x: string };
  /** SHA-256 thumbprint of the key (RFC 7638), base64url. */
  thumbprint: string;
  jws: string;
};

export type SignedReport = SyncReport & { signature: ReportSignature };
