/** Builds the report of a run from what the run left behind: pure, so that it can be built again at any time. */
import type { ReportBrake, ReportIssue, ReportTotal, SyncReport, Deletion, KindChanges } from './types.ts';
import type { Tally } from '../types.ts';
import { chainPages, chainStart } from './chain.ts';

/** What is known of a finished run. Dates are instants; pages stand in the order they were read. */
export type RunFacts = {
  program: string;
  source: { id: string; kind: string };
  run: number;
  mode: SyncReport['mode'];
  status: string;
  startedAt: Date;
  finishedAt: Date;
  asOf?: Date;
  complete: boolean;
  incomplete?: string;
  pages: readonly { seq: number; digest: string; rows: number; tally: Tally }[];
  resumedAfter: readonly number[];
  totals: readonly ReportTotal[];
  dangling: SyncReport['dangling'];
  changes: readonly KindChanges[];
  /** The complete reading before this one, whose absence and this one's prove a disappearance. */
  previousComplete?: Date | undefined;
  /** `Kind system|value`, at most a hundred. */
  ambiguous?: readonly string[];
  issues: readonly ReportIssue[];
  brake: ReportBrake;
};

/** The report, unsigned. */
export function buildReport(facts: RunFacts): SyncReport {
  const { source, run, mode, asOf, finishedAt } = facts;
  const of = { source: source.id, run, mode };
  const pages = chainPages(
    of,
    facts.pages.map(({ digest, rows }, index) => ({ seq: index + 1, rows, digest })),
  );
  const start = chainStart(of);
  return {
    passerelle: 'sync-report',
    version: 1,
    program: facts.program,
    source,
    run,
    mode,
    status: facts.status,
    dates: {
      startedAt: facts.startedAt.toISOString(),
      finishedAt: finishedAt.toISOString(),
      ...(asOf
        ? { asOf: asOf.toISOString(), ageSeconds: Math.round((finishedAt.getTime() - asOf.getTime()) / 1000) }
        : {}),
    },
    complete: facts.complete,
    ...(!facts.complete && facts.incomplete ? { incomplete: facts.incomplete } : {}),
    work: workOf(facts.pages.map(({ tally }) => tally)),
    resumedAfter: [...facts.resumedAfter],
    totals: facts.totals.map((total) => ({ ...total })),
    dangling: facts.dangling,
    changes: facts.changes.map((one) => ({ ...one })),
    deletions: deletionsOf(facts),
    ...(facts.ambiguous?.length ? { ambiguous: [...facts.ambiguous] } : {}),
    issues: facts.issues.map((issue) => ({ ...issue })),
    brake: facts.brake,
    chain: {
      algorithm: 'SHA-256',
      start,
      end: pages.at(-1)?.chain ?? start,
      pages: pages.length,
      rows: pages.reduce((sum, page) => sum + page.rows, 0),
    },
    pages,
  };
}

function workOf(tallies: readonly Tally[]): SyncReport['work'] {
  const sum = (name: keyof Tally): number =>
    Math.round(tallies.reduce((total, tally) => total + (tally[name] ?? 0), 0));
  return {
    requests: sum('requests'),
    retries: sum('retries'),
    splits: sum('splits'),
    waitedMs: sum('waitedMs'),
    bytes: sum('bytes'),
  };
}

/** `closed` is what the source says; `vanished` what two complete readings did not show. */
function deletionsOf({ changes, previousComplete, finishedAt }: RunFacts): Deletion[] {
  const readings = [previousComplete ?? finishedAt, finishedAt].map((date) => date.toISOString());
  return changes.flatMap(({ kind, closed, vanished }): Deletion[] => [
    ...(closed ? [{ kind, certainty: 'told-by-source' as const, count: closed }] : []),
    ...(vanished ? [{ kind, certainty: 'absent-twice' as const, count: vanished, readings }] : []),
  ]);
}
