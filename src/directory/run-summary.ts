/** What a run's row keeps in `summary`: bounded, and enough to tell people and to go on after a crash. */
import type { SyncCounts } from '../directory-operations.ts';
import type { Issue } from '../fhir/issue.ts';
import type { Json } from '../fhir/types.ts';
import type { SourcePosition } from '../store/directory-runs.ts';
import type { DirectoryRun } from '../store/directory.ts';
import type { ReadEnd } from './types.ts';

export type RunSummary = {
  /** Its pages go straight into the table that becomes the partition. */
  firstLoad?: boolean;
  /** `plan`: nobody asked to apply it yet. */
  intent?: 'apply' | 'plan';
  /** Pages after which a run that had ended early was gone on with. */
  resumedAfter?: number[];
  /** Why it failed, in French, and whose fault. */
  reason?: string;
  failure?: { category: string; side: string; retryable: boolean };
  incomplete?: string;
  totals?: ReadEnd['totals'];
  pages?: number;
  rows?: number;
  counts?: Record<string, SyncCounts>;
  /** At most 100; those of the brake first. */
  issues?: Issue[];
  issueCount?: number;
  ambiguous?: string[];
  /** Some records stand under the ids of others: only a complete reading can tell more. */
  quarantined?: boolean;
  plannedAt?: string;
  /** Where the next delta begins, when this run is applied. */
  cursor?: Json;
  /** Where its source stood after it was applied. */
  position?: SourcePosition;
  /** The run that a roll back went back to. */
  backTo?: number;
};

/** The most issues and ambiguous keys that a run keeps. */
export const mostKept = 100;

export function summaryOf(run: DirectoryRun): RunSummary {
  return run.summary as RunSummary;
}

export const noCounts: Readonly<SyncCounts> = {
  ...{ created: 0, changed: 0, closed: 0, reopened: 0, vanished: 0, moved: 0, missed: 0, ambiguous: 0 },
};
