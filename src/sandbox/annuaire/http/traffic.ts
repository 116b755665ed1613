/** Requests as the server saw them: totals, what each got, and the busiest second and minute, so that a client's pace can be proved. */

/** One request, newest last; its key and headers are not kept. */
export type SeenCall = {
  /** Instant on the clock that quotas count on, ms. */
  at: number;
  /** Day of the directory, from 0. */
  day: number;
  method: string;
  /** Path with its query. */
  path: string;
  status: number;
  /** Quirk that shaped the answer. */
  quirk?: string;
  /** Rows of a page, included resources not counted. */
  rows?: number;
};

export type TrafficReport = {
  /** Everything that came in, refused calls too. */
  requests: number;
  /** Those that the quota let through. */
  admitted: number;
  refused: { quota: number; key: number };
  byStatus: Record<string, number>;
  byQuirk: Record<string, number>;
  /** Most requests in any window of that length, refused ones included. */
  peak: { perSecond: number; perMinute: number };
  /** Most admitted requests in any window of that length. */
  peakAdmitted: { perSecond: number; perMinute: number };
  /** Requests by calendar second and minute of the clock, the latest ones: `[start ms, requests]`. */
  seconds: [number, number][];
  minutes: [number, number][];
  recent: SeenCall[];
};

export type Traffic = {
  /** Counts an arrival, before anything is decided. */
  arrived(now: number): void;
  admitted(now: number): void;
  refused(why: 'quota' | 'key'): void;
  answered(call: SeenCall): void;
  report(): TrafficReport;
  reset(): void;
};

/** Calls, seconds and minutes kept. */
const kept = { recent: 1000, seconds: 120, minutes: 120 };

export function createTraffic(): Traffic {
  let state = fresh();
  return {
    arrived(now) {
      state.requests += 1;
      state.all.add(now);
      count(state.seconds, Math.floor(now / 1000) * 1000, kept.seconds);
      count(state.minutes, Math.floor(now / 60_000) * 60_000, kept.minutes);
    },
    admitted(now) {
      state.admitted += 1;
      state.passed.add(now);
    },
    refused: (why) => void (state.refused[why] += 1),
    answered(call) {
      state.byStatus[call.status] = (state.byStatus[call.status] ?? 0) + 1;
      if (call.quirk) state.byQuirk[call.quirk] = (state.byQuirk[call.quirk] ?? 0) + 1;
      state.recent.push(call);
      if (state.recent.length > kept.recent * 2) state.recent = state.recent.slice(-kept.recent);
    },
    report: () => ({
      requests: state.requests,
      admitted: state.admitted,
      refused: { ...state.refused },
      byStatus: { ...state.byStatus },
      byQuirk: { ...state.byQuirk },
      peak: state.all.peaks(),
      peakAdmitted: state.passed.peaks(),
      seconds: [...state.seconds],
      minutes: [...state.minutes],
      recent: state.recent.slice(-kept.recent),
    }),
    reset: () => void (state = fresh()),
  };
}

function fresh() {
  return {
    requests: 0,
    admitted: 0,
    refused: { quota: 0, key: 0 },
    byStatus: {} as Record<string, number>,
    byQuirk: {} as Record<string, number>,
    all: createPeaks(),
    passed: createPeaks(),
    seconds: new Map<number, number>(),
    minutes: new Map<number, number>(),
    recent: [] as SeenCall[],
  };
}

function count(windows: Map<number, number>, start: number, most: number): void {
  windows.set(start, (windows.get(start) ?? 0) + 1);
  const [oldest] = windows.keys();
  if (windows.size > most && oldest !== undefined) windows.delete(oldest);
}

type Peaks = { add(now: number): void; peaks(): { perSecond: number; perMinute: number } };

/** Sliding maxima: how many of the last instants lie less than a second, or a minute, before this one. */
function createPeaks(): Peaks {
  let instants: number[] = [];
  let second = 0;
  let minute = 0;
  const most = { perSecond: 0, perMinute: 0 };
  return {
    add(now) {
      instants.push(now);
      while (instants[second]! <= now - 1000) second += 1;
      while (instants[minute]! <= now - 60_000) minute += 1;
      most.perSecond = Math.max(most.perSecond, instants.length - second);
      most.perMinute = Math.max(most.perMinute, instants.length - minute);
      if (minute < 10_000) return;
      instants = instants.slice(minute);
      second -= minute;
      minute = 0;
    },
    peaks: () => ({ ...most }),
  };
}
