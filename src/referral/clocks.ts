/** The clocks of a referral: what is due until when, what is late (P-48: one for each stretch, never one for all). Pure. */
import type { ReferralEvent } from '../store/referrals.ts';
import { type Calendar, dueAt, type Within } from './calendar.ts';
import type { Priority } from './delays.ts';
import { type Milestone, type Reached, reached } from './milestones.ts';

/** Whoever has to act: the two sides of the referral, or whoever runs the gateway. */
export type ClockOwner = 'placer' | 'fulfiller' | 'gateway';

export type ClockRule = {
  id: string;
  /** French. */
  title: string;
  from: Milestone;
  until: Milestone;
  /** Whose it is to act. */
  owner: ClockOwner;
  within: { routine: Within } & Partial<Record<Priority, Within>>;
};

/** `mappings/exchange/clocks.yaml`. */
export type ClockRules = Calendar & {
  clocks: readonly ClockRule[];
  steps: { from: Milestone; title: string; owner: ClockOwner };
  /** Extension of a protocol that holds its own due times. */
  protocol: string;
};

export type Clock = {
  /** Id of the rule, or `step/<id>` for a step of the protocol. */
  id: string;
  title: string;
  owner: ClockOwner;
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
  const { at, priority = 'routine', steps, delays } = reached(events);
  const clock: MakeClock = ({ id, title, owner }, from, due, until) => {
    // An end from before it began does not stop it: what comes after the end has a clock, too.
    const end = from === at.ended || !at.ended || at.ended < from ? undefined : at.ended;
    const closed = closedAt && closedAt >= from ? closedAt : undefined;
    const stoppedAt = until ?? end ?? closed;
    return {
      ...{ id, title, owner, startedAt: from, dueAt: new Date(due) },
      ...(stoppedAt ? { stoppedAt } : {}),
      late: (stoppedAt ?? now).getTime() > due,
    };
  };
  const stretches = rules.clocks.flatMap((rule) => {
    const start = at[rule.from];
    if (!start) return [];
    const own = delays.find((one) => one.stretch === rule.id && one.priority === priority);
    const allowed = own?.within ?? rule.within[priority] ?? rule.within.routine;
    return [clock(rule, start, dueAt(start.getTime(), allowed, rules), at[rule.until])];
  });
  return [...stretches, ...stepClocks(at, steps, rules, clock)];
}

type MakeClock = (
  named: Pick<Clock, 'id' | 'title' | 'owner'>,
  from: Date,
  due: number,
  until: Date | undefined,
) => Clock;

function stepClocks(
  at: Reached['at'],
  steps: Reached['steps'],
  rules: ClockRules,
  clock: MakeClock,
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
    const named = { id: `step/${step.id}`, title: `${rules.steps.title} « ${step.title} »` };
    return [clock({ ...named, owner: rules.steps.owner }, from, due, doneAt)];
  });
}

/** When the last of these steps was done; undefined while one is not, or when there is none. */
function lastDone(steps: Reached['steps'], ids: readonly string[]): Date | undefined {
  const times = ids.map((id) => steps.find(({ step }) => step.id === id)?.doneAt);
  if (times.length === 0 || times.includes(undefined)) return undefined;
  return times.map((time) => time!).reduce((a, b) => (a > b ? a : b));
}
