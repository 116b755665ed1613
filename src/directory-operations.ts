/** What a running gateway can be asked about the directory's synchronisation; plain JSON like src/operations.ts. */
import type { ReportSignature, SignedReport } from './directory/report/types.ts';
import type { Issue } from './fhir/issue.ts';
import type { FieldChange } from './operations.ts';

export type SyncArguments = {
  /** Ids of sources; absent: all, in the order of the configuration. */
  sources?: string[];
  /** Everything is read, even where the source could say what changed. */
  full?: boolean;
  /** Reads and compares, and keeps what it found for `syncApply`. */
  planOnly?: boolean;
  /** Lets a large or suspect change pass the brake. */
  confirm?: boolean;
};

/** Counts of one kind of records. `moved`: only the source's own id; `missed`: not shown, for the first time. */
export type SyncCounts = {
  created: number;
  changed: number;
  closed: number;
  reopened: number;
  vanished: number;
  moved: number;
  missed: number;
  ambiguous: number;
};

export type SyncedRecord = {
  kind: string;
  /** `system|value`. */
  key: string;
  name: string;
  op: keyof SyncCounts;
  /** Where a field differs; empty for what is created or vanished. */
  fields: FieldChange[];
  /** Key of the role that it succeeds. */
  succeeds?: string;
};

export type SyncStatus = 'reading' | 'planned' | 'braked' | 'applied' | 'failed' | 'abandoned' | 'undone';

export type SyncRun = {
  run: number;
  source: string;
  mode: 'full' | 'delta' | 'rollback';
  status: SyncStatus;
  actor: string;
  startedAt: string;
  finishedAt?: string;
  /** The source's own date of what was read. */
  asOf?: string;
  complete: boolean;
  /** Why it is not complete, or why it failed. */
  reason?: string;
  pages: number;
  rows: number;
  /** Page after which a run that had ended early was gone on with. */
  resumedAfter?: number[];
  counts: Record<string, SyncCounts>;
  /** What the brake stopped it for, and what the source survived; at most 100. */
  issues: Issue[];
  issueCount: number;
  /** Keys with several contents in one run: left as they were; at most 100 (P-3). */
  ambiguous: string[];
};

export type SyncRunDetail = SyncRun & { records: SyncedRecord[]; next?: string };

/** What became of one source in a synchronisation. */
export type SyncOutcome =
  | { source: string; run: SyncRun; records: SyncedRecord[] }
  | { source: string; error: { category: string; side: string; retryable: boolean; message: string } };

export type SyncSource = {
  id: string;
  kind: string;
  rank: number;
  /** The source's own date of what is held, and its age in hours. */
  asOf?: string;
  ageHours?: number;
  lastRun?: number;
  lastFullAt?: string;
  records: Record<string, number>;
};

export type DirectorySyncOperations = {
  sync(args: SyncArguments): Promise<SyncOutcome[]>;
  syncApply(args: { run: number; confirm?: boolean }): Promise<SyncRun>;
  syncHistory(args: { limit?: number; source?: string }): Promise<SyncRun[]>;
  /** `after`: as `next` of the page before. */
  syncShow(args: { run: number; limit?: number; after?: string }): Promise<SyncRunDetail>;
  syncRollbackPlan(args: { run: number }): Promise<SyncRunDetail>;
  syncRollback(args: { run: number; confirm?: boolean }): Promise<SyncRun>;
  syncSources(args: Record<string, never>): Promise<SyncSource[]>;
};

export type DirectoryReportOperations = {
  /** The signed report of a run. */
  syncReport(args: { run: number }): Promise<SignedReport>;
  /** The public key that signs reports, with its thumbprint. */
  syncKey(args: Record<string, never>): Promise<Pick<ReportSignature, 'key' | 'thumbprint'>>;
};

export type DirectoryOperations = DirectorySyncOperations & DirectoryReportOperations;
