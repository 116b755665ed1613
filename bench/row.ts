/** What a scenario measures, and the line that is printed of it: each figure beside its goal, its peer and its limit. */
import { median } from './statistics.ts';

/** The bound a figure should keep; absent where a figure is only shown beside another. */
export type Goal = { atMost: number } | { atLeast: number };

/** Repetitions of one figure of a scenario, all in `unit`. */
export type Measure = {
  /** Scenario of the goals' table, e.g. `P15`. */
  id: string;
  /** Which of its figures, in a few words: the same words at every run. */
  what: string;
  unit: 'ms' | 'MiB' | '/s' | '×' | '%' | 'requests' | 'pages';
  values: readonly number[];
  /** Repetitions before these that were thrown away. */
  warmUp: number;
  goal?: Goal;
  /** Another program that did the same in the same run. */
  peer?: { name: string; values: readonly number[] };
  /** What no program on this machine can beat. */
  limit?: { name: string; values: readonly number[] };
  note?: string;
};

/** One printed line. `ratio`: how many times better than the peer (above 1 is better). */
export type Row = {
  id: string;
  what: string;
  value: number | null;
  unit: string;
  min: number | null;
  max: number | null;
  repetitions: number;
  warmUp: number;
  goal: number | null;
  goalIs: 'at most' | 'at least' | null;
  peer: string | null;
  peerValue: number | null;
  ratio: number | null;
  limit: number | null;
  limitOf: string | null;
  /** Null where there is no goal or nothing was measured. */
  ok: boolean | null;
  note?: string;
};

/** The line of a measure: medians, spread, and whether the goal is kept. */
export function rowOf({ id, what, unit, values, warmUp, goal, peer, limit, note }: Measure): Row {
  const value = middle(values);
  const peerValue = middle(peer?.values ?? []);
  return {
    ...{ id, what, value, unit },
    min: values.length ? rounded(Math.min(...values)) : null,
    max: values.length ? rounded(Math.max(...values)) : null,
    ...{ repetitions: values.length, warmUp },
    goal: goal ? bound(goal) : null,
    goalIs: goal ? ('atMost' in goal ? 'at most' : 'at least') : null,
    peer: peer?.name ?? null,
    peerValue,
    ratio: ratio(value, peerValue, goal),
    limit: middle(limit?.values ?? []),
    limitOf: limit?.name ?? null,
    ok: goal && value !== null ? keeps(value, goal) : null,
    ...(note ? { note } : {}),
  };
}

function bound(goal: Goal): number {
  return 'atMost' in goal ? goal.atMost : goal.atLeast;
}

function keeps(value: number, goal: Goal): boolean {
  return 'atMost' in goal ? value <= goal.atMost : value >= goal.atLeast;
}

function ratio(value: number | null, peer: number | null, goal: Goal | undefined): number | null {
  if (value === null || peer === null || !goal) return null;
  return rounded('atMost' in goal ? peer / value : value / peer);
}

function middle(values: readonly number[]): number | null {
  return values.length ? rounded(median(values)) : null;
}

/** Three significant digits at least: no figure here is known better. */
function rounded(value: number): number {
  return value >= 100 ? Math.round(value) : Number(value.toPrecision(3));
}
