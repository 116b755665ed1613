/** What came of one round of faults. */
export type Verdict = {
  /** `count`: everything counted again after the last round. */
  part: 'apply' | 'referral' | 'count';
  round: number;
  /** What was done to the gateway. */
  fault: string;
  /** When, in milliseconds from the beginning of what was interrupted; negative: before it. */
  atMs: number;
  /** How far it had come, for people. */
  reached: string;
  lost: number;
  duplicated: number;
  wrong: number;
  stuck: number;
  /** From the restart to readiness, and to the last effect at the hospital; undefined when nothing was left to do. */
  readyMs?: number;
  deliveredMs?: number;
  /** Names of what is not as it must be, at most a few. */
  details?: string[];
};

/** Is everything as promised? */
export function isKept({ lost, duplicated, wrong, stuck }: Verdict): boolean {
  return lost + duplicated + wrong + stuck === 0;
}

/** The totals of one part. */
export type Total = {
  part: string;
  rounds: number;
  lost: number;
  duplicated: number;
  wrong: number;
  stuck: number;
  medianMs: number | undefined;
  maxMs: number | undefined;
};

export function totalOf(part: Verdict['part'], verdicts: readonly Verdict[]): Total {
  const mine = verdicts.filter((one) => one.part === part);
  const sum = (name: 'lost' | 'duplicated' | 'wrong' | 'stuck'): number =>
    mine.reduce((total, one) => total + one[name], 0);
  const times = mine.flatMap(({ deliveredMs }) => deliveredMs ?? []).sort((a, b) => a - b);
  return {
    ...{ part, rounds: mine.length, lost: sum('lost'), duplicated: sum('duplicated'), wrong: sum('wrong') },
    ...{ stuck: sum('stuck'), medianMs: times[Math.floor(times.length / 2)], maxMs: times.at(-1) },
  };
}

/** One round as a line. */
export function line(one: Verdict): string {
  const times = [one.readyMs, one.deliveredMs].map((ms) => (ms === undefined ? '-' : `${ms} ms`)).join(' / ');
  const bad = isKept(one)
    ? 'kept'
    : `lost ${one.lost}, duplicated ${one.duplicated}, wrong ${one.wrong}, stuck ${one.stuck}: ${one.details?.join('; ')}`;
  return `${one.part} ${one.round}: ${one.fault} at ${one.atMs} ms (${one.reached}), ready / done ${times}, ${bad}`;
}
