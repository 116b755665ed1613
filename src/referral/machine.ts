/**
 * The coordination Task as a state machine: who may move it from where to where (REF-02, REF-03, REF-05, REF-06).
 * Pure and total: every (state, event, role) has a transition or a refusal with its reason.
 */

export const states = [
  'requested',
  'received',
  'accepted',
  'in-progress',
  'on-hold',
  'rejected',
  'cancelled',
  'failed',
  'completed',
] as const;
/** The statuses of Task (FHIR R4, required binding) that a referral goes through. */
export type TaskState = (typeof states)[number];

export const events = [
  'receive',
  'accept',
  'reject',
  'start',
  'hold',
  'resume',
  'complete',
  'fail',
  'cancel',
] as const;
export type TaskEvent = (typeof events)[number];

/** The placer requests, the fulfiller owns the Task. */
export const roles = ['placer', 'fulfiller'] as const;
export type TaskRole = (typeof roles)[number];

export type Move = { to: TaskState } | { refused: string };

type Rule = { from: readonly TaskState[]; to: TaskState; by: readonly TaskRole[] };

const owner: readonly TaskRole[] = ['fulfiller'];
const either: readonly TaskRole[] = roles;

const matrix: Record<TaskEvent, Rule> = {
  receive: { from: ['requested'], to: 'received', by: owner },
  accept: { from: ['requested', 'received'], to: 'accepted', by: owner },
  reject: { from: ['requested', 'received', 'accepted'], to: 'rejected', by: owner },
  start: { from: ['accepted'], to: 'in-progress', by: owner },
  hold: { from: ['in-progress'], to: 'on-hold', by: either },
  resume: { from: ['on-hold'], to: 'in-progress', by: either },
  complete: { from: ['in-progress'], to: 'completed', by: owner },
  fail: { from: ['in-progress'], to: 'failed', by: owner },
  cancel: { from: ['requested', 'received', 'accepted'], to: 'cancelled', by: either },
};

const ended: ReadonlySet<TaskState> = new Set(['rejected', 'cancelled', 'failed', 'completed']);

/** True once nothing can happen to the Task any more. */
export function isEnded(state: TaskState): boolean {
  return ended.has(state);
}

export function isTaskState(value: unknown): value is TaskState {
  return states.some((state) => state === value);
}

/** What an event does in a state when this role causes it. `hasOutput`: the Task names its outcome. */
export function move(state: TaskState, event: TaskEvent, role: TaskRole, hasOutput = false): Move {
  const rule = matrix[event];
  if (isEnded(state)) return { refused: `La demande est close (${state}) : elle ne change plus.` };
  if (!rule.by.includes(role))
    return { refused: `Seul le destinataire peut faire passer la demande à « ${rule.to} ».` };
  if (!rule.from.includes(state))
    return {
      refused:
        event === 'cancel'
          ? `La prise en charge a commencé (${state}) : demandez son arrêt par une tâche d’annulation.`
          : `La demande ne peut pas passer de « ${state} » à « ${rule.to} ».`,
    };
  if (event === 'complete' && !hasOutput)
    return { refused: 'La demande ne se termine pas sans résultat (Task.output).' };
  return { to: rule.to };
}

/**
 * The shortest way from one status to another by moves this role may make: a poll can miss statuses in between.
 * Empty when both are the same; undefined when there is no way.
 */
export function wayBetween(
  from: TaskState,
  to: TaskState,
  role: TaskRole,
  hasOutput = false,
): TaskState[] | undefined {
  const queue: { state: TaskState; way: TaskState[] }[] = [{ state: from, way: [] }];
  const seen = new Set<TaskState>([from]);
  for (let next = queue.shift(); next; next = queue.shift()) {
    if (next.state === to) return next.way;
    for (const event of events) {
      const step = move(next.state, event, role, hasOutput);
      if ('refused' in step || seen.has(step.to)) continue;
      seen.add(step.to);
      queue.push({ state: step.to, way: [...next.way, step.to] });
    }
  }
  return undefined;
}
