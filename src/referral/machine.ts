/**
 * The coordination Task as a state machine (REF-02 to REF-07). Pure and total: every (status, event, role) has a
 * transition or a refusal with its reason, whose fault it is and the next step.
 */
import {
  type Refusal,
  refuseEnded,
  refuseJump,
  refuseLacking,
  refuseRole,
  refuseState,
} from './machine-refusals.ts';
import {
  ends,
  events,
  type Need,
  rules,
  states,
  type TaskEvent,
  type TaskRole,
  type TaskState,
} from './machine-rules.ts';

export {
  events,
  roles,
  states,
  type Need,
  type TaskEvent,
  type TaskRole,
  type TaskState,
} from './machine-rules.ts';

/** What comes with an event. */
export type Facts = { readonly [need in Need]?: boolean };

/** `owes`: followed, though this should have come with it. */
export type Move = { to: TaskState; owes?: Need } | Refusal;

const ended: ReadonlySet<TaskState> = new Set(ends);

/** True once the Task itself can change no more; the referral stays open until somebody took note of it. */
export function isEnded(state: TaskState): boolean {
  return ended.has(state);
}

export function isTaskState(value: unknown): value is TaskState {
  return states.some((state) => state === value);
}

/** What an event does in a status when this role causes it. */
export function move(state: TaskState, event: TaskEvent, role: TaskRole, facts: Facts = {}): Move {
  const rule = rules[event];
  const { from, to = state, by, needs, owes } = rule;
  if (isEnded(state) && !from.includes(state)) return refuseEnded(state, role);
  if (!by.includes(role)) return refuseRole(event, rule, role);
  if (!from.includes(state)) return refuseState(state, event, rule, role);
  if (needs && !facts[needs]) return refuseLacking(needs, role);
  return owes && !facts[owes] ? { to, owes } : { to };
}

export type Way = { states: TaskState[]; owes?: Need };

/**
 * The shortest way from one status to another by moves this role may make: a poll can miss statuses in between.
 * Empty when both are the same; undefined when there is no way.
 */
export function wayBetween(
  from: TaskState,
  to: TaskState,
  role: TaskRole,
  facts: Facts = {},
): Way | undefined {
  const queue: { state: TaskState; way: Way }[] = [{ state: from, way: { states: [] } }];
  const seen = new Set<TaskState>([from]);
  for (let next = queue.shift(); next; next = queue.shift()) {
    if (next.state === to) return next.way;
    for (const event of events) {
      const step = move(next.state, event, role, facts);
      if ('refused' in step || seen.has(step.to)) continue;
      seen.add(step.to);
      const way = [...next.way.states, step.to];
      queue.push({ state: step.to, way: { states: way, ...(step.owes ? { owes: step.owes } : {}) } });
    }
  }
  return undefined;
}

const everything: Facts = { output: true, reason: true, proposal: true, abort: true, successor: true };

/** Why no way leads there: what is lacking where it would be enough, otherwise the first step that is refused. */
export function refusalOf(from: TaskState, to: TaskState, role: TaskRole, facts: Facts = {}): Refusal {
  const last = events.filter((event) => rules[event].to === to && rules[event].by.includes(role));
  const lacking = last.map((event) => rules[event].needs).find((need) => need && !facts[need]);
  if (lacking && wayBetween(from, to, role, everything)) return refuseLacking(lacking, role);
  const [event] = last;
  const step = event && move(from, event, role, everything);
  return step && 'refused' in step ? step : refuseJump(from, to, role);
}
