/** Writes the report of a run that ended, or of the step that it ended: built, signed, kept with the run. */
import { errorFields, type Log } from '../../log.ts';
import type { DirectoryRun } from '../../store/directory.ts';
import type { Store } from '../../store/store.ts';
import { noCounts, summaryOf } from '../run-summary.ts';
import type { Tally } from '../types.ts';
import { buildReport, type RunFacts } from './build.ts';
import { signingKey } from './key.ts';
import { signReport } from './sign.ts';
import type { SignedReport } from './types.ts';

export type ReportParts = {
  store: Pick<Store, 'directory' | 'directoryReports' | 'settings'>;
  /** Version of the program. */
  program: string;
  brake: { share: number; freely: number };
};

/** The signed report of a run as it stands now; undefined for a run that does not exist or is still being read. */
export async function writeReport(parts: ReportParts, id: number): Promise<SignedReport | undefined> {
  const { store } = parts;
  const run = await store.directory.run(id);
  if (!run || run.status === 'reading') return undefined;
  const facts = await factsOf(parts, run);
  const report = await signReport(buildReport(facts), await signingKey(store.settings));
  await store.directoryReports.save(id, report);
  return report;
}

/** The same at the end of a run's step: a report that cannot be written is told and stops nothing. */
export async function keepReport(parts: ReportParts & { log: Log }, run: number): Promise<void> {
  await writeReport(parts, run).catch((error: unknown) =>
    parts.log.warn('directory.report-failed', { run, ...errorFields(error) }),
  );
}

async function factsOf({ store, program, brake }: ReportParts, run: DirectoryRun): Promise<RunFacts> {
  const { id, source, mode, status, startedAt, asOf, complete } = run;
  const summary = summaryOf(run);
  const [pages, issues, dangling, sources, previousComplete] = await Promise.all([
    store.directory.pages(id),
    store.directoryReports.issues(id),
    store.directoryReports.dangling(source, id),
    store.directory.sources(),
    store.directoryReports.previousComplete(source, id),
  ]);
  const first = pages[0]?.seq ?? 0;
  const stops = (summary.issues ?? []).filter(({ rule }) => rule?.startsWith('brake:'));
  const incomplete = summary.incomplete ?? summary.reason;
  return {
    ...{ program, run: id, mode, status, startedAt, complete, previousComplete, dangling },
    source: { id: source, kind: sources.find((one) => one.id === source)?.kind ?? 'unknown' },
    finishedAt: run.finishedAt ?? (summary.plannedAt ? new Date(summary.plannedAt) : startedAt),
    ...(asOf ? { asOf } : {}),
    ...(incomplete === undefined ? {} : { incomplete }),
    pages: pages.map(({ seq, digest, rows, tally }) => ({ seq, digest, rows, tally: tally as Tally })),
    resumedAfter: (summary.resumedAfter ?? []).map((seq) => seq - first + 1),
    totals: summary.totals ?? [],
    changes: Object.entries(summary.counts ?? {}).map(([kind, counts]) => ({ kind, ...noCounts, ...counts })),
    ambiguous: summary.ambiguous ?? [],
    issues: [
      ...stops.map(({ rule, severity, message }) => ({ rule: rule!, severity, count: 1, example: message })),
      ...issues.filter(({ rule }) => !stops.some((stop) => stop.rule === rule)),
    ],
    brake: { ...brake, stopped: stops.length > 0, reasons: stops.map(({ message }) => message) },
  };
}
