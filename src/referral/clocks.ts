/** The clocks of a referral: what is due until when, what is late (P-48: one for each stretch, never one for all). Pure. */
import type { ReferralEvent } from '../store/referrals.ts';
import { type Calendar, dueAt, type Within } from './calendar.ts';
import { type Milestone, type Priority, type Reached, reached } from './milestones.ts';

export type ClockRule = {
  id: string;
  /** French. */
  title: string;
  from: Milestone;
  until: Milestone;
  within: { routine: Within } & Partial<Record<Priority, Within>>;
};

/** `mappings/exchange/clocks.yaml`. */
export type ClockRules = Calendar & {
  clocks: readonly ClockRule[];
  steps: { from: Milestone; title: string };
};

export type Clock = {
  /** Id of the rule, or `step/<id>` for a step of the protocol. */
  id: string;
  title: string;
  startedAt: Date;
  dueAt: Date;
  /** When what was due came, or the referral ended without it. */
  stoppedAt?: Date;
  /** Running past its due time, or stopped after it. */
  late: boolean;
};

export type Watched = {
  events: readonly ReferralEvent[];
  /** When the referral was closed, however it ended. */
  closedAt: Date | null;
};

/** Clocks that were started, in the order of the rules, steps last. */
export function clocksOf({ events, closedAt }: Watched, rules: ClockRules, now: Date): Clock[] {
  const { at, priority = 'routine', steps } = reached(events);
  const clock = (id: string, title: string, from: Date, due: number, until: Date | undefined): Clock => {
    const stoppedAt = until ?? closedAt ?? undefined;
    return {
      ...{ id, title, startedAt: from, dueAt: new Date(due) },
      ...(stoppedAt ? { stoppedAt } : {}),
      late: (until ?? closedAt ?? now).getTime() > due,
    };
  };
  const stretches = rules.clocks.flatMap(({ id, title, from, until, within }) => {
    const start = at[from];
    if (!start) return [];
    const allowed = within[priority] ?? within.routine;
    return [clock(id, title, start, dueAt(start.getTime(), allowed, rules), at[until])];
  });
  return [...stretches, ...stepClocks(at, steps, rules, clock)];
}

function stepClocks(
  at: Reached['at'],
  steps: Reached['steps'],
  rules: ClockRules,
  clock: (id: string, title: string, from: Date, due: number, until: Date | undefined) => Clock,
): Clock[] {
  const start = at[rules.steps.from];
  if (!start) return [];
  return steps.flatMap(({ step, doneAt }) => {
    const limits: { from: Date; due: number }[] = [];
    const limit = (from: Date, days: number): void =>
      void limits.push({ from, due: dueAt(from.getTime(), { days }, rules) });
    if (step.dueDays !== undefined) limit(start, step.dueDays);
    const before = lastDone(steps, step.after);
    if (step.followsWithinDays !== undefined && before) limit(before, step.followsWithinDays);
    if (limits.length === 0) return [];
    const { from, due } = limits.reduce((a, b) => (a.due <= b.due ? a : b));
    return [clock(`step/${step.id}`, `${rules.steps.title} « ${step.title} »`, from, due, doneAt)];
  });
}

/** When the last of these steps was done; undefined while one is not, or when there is none. */
function lastDone(steps: Reached['steps'], ids: readonly string[]): Date | undefined {
  const times = ids.map((id) => steps.find(({ step }) => step.id === id)?.doneAt);
  if (times.length === 0 || times.includes(undefined)) return undefined;
  return times.map((time) => time!).reduce((a, b) => (a > b ? a : b));
}
