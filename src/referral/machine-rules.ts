/**
 * The coordination Task's table (Clinical Order Workflow, REF-02 to REF-07): which event leads where from which status,
 * who may cause it and what must come with it. Everything that is not here is refused.
 */

/** The statuses of Task (FHIR R4, required binding) that a referral goes through. */
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
export type TaskState = (typeof states)[number];

/** The placer requests, the fulfiller owns the Task, the relay (this gateway) carries between them and decides nothing. */
export const roles = ['placer', 'fulfiller', 'relay'] as const;
export type TaskRole = (typeof roles)[number];

export const events = [
  'receive',
  'ask', // the fulfiller misses information
  'inform', // the placer gives it
  'accept',
  'reject',
  'propose', // refuses and proposes something else
  'start',
  'hold',
  'resume',
  'complete',
  'fail',
  'cancel',
  'drop', // another candidate was chosen
  'transfer', // to another performer before the start, by the placer's side or by whoever has it
  'ask-transfer', // after it, whoever has it is asked to stop so that another goes on
  'ask-abort', // a Task of its own asks to stop what has started
  'abort', // the fulfiller stops as it was asked
  'hand-over', // after the start, whoever has it names who goes on
  'keep', // the fulfiller goes on although it was asked to stop
  'correct', // a document that completed it is replaced or completed by another
  'close', // somebody took note of the end, or of what came after it
] as const;
export type TaskEvent = (typeof events)[number];

/** What an event may have to bring along. */
export type Need = 'output' | 'reason' | 'proposal' | 'abort' | 'successor';

export type Rule = {
  from: readonly TaskState[];
  /** Absent: the status stays. */
  to?: TaskState;
  by: readonly TaskRole[];
  /** Without it the event is refused. */
  needs?: Need;
  /** Without it the event is followed, and what it owes is told: a refusal without its reason is still a refusal. */
  owes?: Need;
};

const beforeStart: readonly TaskState[] = ['requested', 'received', 'accepted'];
const started: readonly TaskState[] = ['in-progress', 'on-hold'];
export const ends: readonly TaskState[] = ['rejected', 'cancelled', 'failed', 'completed'];

const fulfiller: readonly TaskRole[] = ['fulfiller'];
const placer: readonly TaskRole[] = ['placer'];
const either: readonly TaskRole[] = ['placer', 'fulfiller'];

export const rules: Readonly<Record<TaskEvent, Rule>> = {
  receive: { from: ['requested'], to: 'received', by: fulfiller },
  ask: { from: ['received', 'accepted'], by: fulfiller, needs: 'reason' },
  inform: { from: [...beforeStart, ...started], by: placer },
  accept: { from: ['requested', 'received'], to: 'accepted', by: fulfiller },
  reject: { from: beforeStart, to: 'rejected', by: fulfiller, owes: 'reason' },
  propose: { from: beforeStart, to: 'rejected', by: fulfiller, needs: 'proposal', owes: 'reason' },
  start: { from: ['accepted'], to: 'in-progress', by: fulfiller },
  hold: { from: ['in-progress'], to: 'on-hold', by: either },
  resume: { from: ['on-hold'], to: 'in-progress', by: either },
  complete: { from: ['in-progress'], to: 'completed', by: fulfiller, needs: 'output' },
  fail: { from: ['in-progress'], to: 'failed', by: fulfiller, owes: 'reason' },
  cancel: { from: beforeStart, to: 'cancelled', by: either },
  drop: { from: beforeStart, to: 'cancelled', by: ['relay'] },
  transfer: { from: beforeStart, to: 'cancelled', by: either },
  'ask-transfer': { from: started, by: ['placer', 'relay'] },
  'ask-abort': { from: started, by: ['placer', 'relay'] },
  abort: { from: started, to: 'cancelled', by: fulfiller, needs: 'abort' },
  'hand-over': { from: started, to: 'cancelled', by: fulfiller, needs: 'successor' },
  keep: { from: started, by: fulfiller, needs: 'abort' },
  correct: { from: ['completed'], by: fulfiller, needs: 'output' },
  close: { from: ends, by: placer },
};
