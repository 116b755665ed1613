import type { FaultKind } from '../proxy/fault.ts';
import type { Faults } from './judge/judged.ts';
import type { RunPlan } from './run-plan.ts';

/** What came of one run. */
export type RunVerdict = {
  plan: RunPlan | Pick<RunPlan, 'seed' | 'story'>;
  /** Last step of the story that was reached. */
  reached: string;
  /** Requests that came to the two proxies while faults were on. */
  requests: number;
  /** How often something was killed. */
  struck: number;
  /** Faults that requests met. */
  met: Partial<Record<FaultKind, number>>;
  faults: Faults & { stuck: string[] };
  /** Binaries that nothing points to, left by requests that were delivered twice. */
  orphans?: number;
  /** When the faults stopped, and when everything was judged. */
  healedMs: number;
  tookMs: number;
};

/** Is everything as promised? */
export function isRunKept({ faults }: RunVerdict): boolean {
  return Object.values(faults).every((list) => list.length === 0);
}

/** One run as a line. */
export function runLine(verdict: RunVerdict): string {
  const { plan, reached, requests, struck, met, faults, healedMs, tookMs } = verdict;
  const faulty =
    Object.entries(met)
      .map(([kind, count]) => `${count} ${kind}`)
      .join(', ') || 'no fault';
  const bad = Object.entries(faults).flatMap(([kind, list]) =>
    list.length ? `${kind}: ${list.join('; ')}` : [],
  );
  return `${plan.seed} ${plan.story}: ${requests} requests met ${faulty}; ${struck} kills; faults off after ${healedMs} ms, ${reached} and judged after ${tookMs} ms: ${bad.join(' | ') || 'kept'}`;
}

/** Sums of several runs, for the report. */
export function sumOf(verdicts: readonly RunVerdict[]): Record<string, number> {
  const total = (of: (verdict: RunVerdict) => number): number =>
    verdicts.reduce((sum, one) => sum + of(one), 0);
  const runs = verdicts.filter(({ plan }) => 'ways' in plan);
  return {
    ...{ runs: runs.length, kept: runs.filter(isRunKept).length, requests: total((one) => one.requests) },
    faults: total(({ met }) => Object.values(met).reduce((sum, count) => sum + count, 0)),
    kills: total(({ struck }) => struck),
    orphans: total(({ orphans = 0 }) => orphans),
    ...Object.fromEntries(
      (['lost', 'duplicated', 'disordered', 'wrong', 'stuck'] as const).map((kind) => [
        kind,
        total(({ faults }) => faults[kind].length),
      ]),
    ),
  };
}
