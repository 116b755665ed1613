/** When a referral reached each of its milestones, read off its ledger. Pure. */
import type { ReferralEvent } from '../store/referrals.ts';
import { acknowledgedEvent, correctedEvent } from './acknowledge.ts';
import { closedEvent } from './close.ts';
import { type Delay, priorities, type Priority } from './delays.ts';
import type { Step } from './plan-steps.ts';
import { planStarted } from './plan-started.ts';

/**
 * `accepted` by the gateway (or given to somebody else since), `relayed` to the fulfiller, `answered` by it either way, `taken` on, first patient `seen`,
 * every order that a document waits for `realised`, every document `synthesised`, `completed` with every receipt; `ended` that way or another,
 * `closed` by somebody who took note; a document `corrected` after the end, and that `acknowledged` by somebody.
 */
export const milestones = [
  'accepted',
  'relayed',
  'answered',
  'taken',
  'seen',
  'realised',
  'synthesised',
  'completed',
  'ended',
  'closed',
  'corrected',
  'acknowledged',
] as const;
export type Milestone = (typeof milestones)[number];

export type Reached = {
  /** As the placer's order had it when it was accepted. */
  priority?: Priority;
  at: Partial<Record<Milestone, Date>>;
  /** Steps of the protocol applied, with the instant each was done. */
  steps: readonly { step: Step; doneAt?: Date }[];
  /** Due times of the protocol of whoever has it, or was asked first. */
  delays: readonly Delay[];
};

type Detail = {
  to?: string;
  step?: string;
  steps?: Step[];
  carried?: string[];
  priority?: string;
  candidate?: number;
  delays?: Delay[];
};

/** Events in the order of the ledger. */
export function reached(events: readonly ReferralEvent[]): Reached {
  const at: Reached['at'] = {};
  const done = new Map<string, Date>();
  let steps: readonly Step[] = [];
  let priority: Priority | undefined;
  const delays = new Map<number, readonly Delay[]>();
  let candidate: number | undefined;
  const first = (milestone: Milestone, when: Date): void => void (at[milestone] ??= when);
  for (const event of events) {
    const detail = (event.detail ?? {}) as Detail;
    switch (event.kind) {
      case 'accepted':
        priority ??= priorities.find((known) => known === detail.priority);
        first('accepted', event.at);
        break;
      case 'assigned':
      case 'transferred':
      case 'sent-back':
        // Somebody else's turn: what the one before did of it does not count.
        for (const again of ['relayed', 'answered', 'taken', 'seen'] as const) delete at[again];
        at.accepted = event.at;
        steps = [];
        done.clear();
        candidate = undefined;
        break;
      case 'completed':
        first('ended', event.at);
        first('completed', event.at);
        break;
      case 'queued':
        if (detail.candidate === undefined) break;
        candidate ??= detail.candidate;
        delays.set(detail.candidate, detail.delays ?? []);
        break;
      case 'candidate-chosen':
        candidate = detail.candidate;
        break;
      case 'relayed':
        first('relayed', event.at);
        break;
      case correctedEvent:
        at.corrected = event.at; // the last one counts
        delete at.acknowledged;
        break;
      case acknowledgedEvent:
        at.acknowledged = event.at;
        break;
      case closedEvent:
        first('closed', event.at);
        break;
      case 'task':
        if (answers.has(detail.to!)) first('answered', event.at);
        if (detail.to === 'accepted') first('taken', event.at);
        if (lost.has(detail.to!)) first('ended', event.at);
        break;
      case planStarted:
        steps = detail.steps ?? [];
        for (const step of detail.carried ?? []) done.set(step, event.at); // by whoever had it before
        break;
      case 'consultation':
        first('seen', event.at);
        done.set(detail.step!, event.at);
        break;
      case 'document-final':
        if (!done.has(detail.step!)) done.set(detail.step!, event.at); // a correction does not move the clock
    }
  }
  const all = steps.map((step) => {
    const doneAt = done.get(step.id);
    return { step, ...(doneAt ? { doneAt } : {}) };
  });
  const documents = all.filter(({ step }) => step.kind === 'document');
  const orders = all.filter(({ step }) => step.kind === 'order');
  const awaited = orders.filter(({ step }) => leadsToDocument(step, steps));
  const last = { realised: lastOf(documents.length ? awaited : orders), synthesised: lastOf(documents) };
  for (const milestone of ['realised', 'synthesised'] as const)
    if (last[milestone]) at[milestone] = last[milestone];
  return { at, steps: all, delays: delays.get(candidate ?? 0) ?? [], ...(priority ? { priority } : {}) };
}

/** What follows the last document, or what no document waits for, does not hold it back. */
function leadsToDocument({ id }: Step, steps: readonly Step[], seen = new Set<string>()): boolean {
  if (seen.has(id)) return false;
  seen.add(id);
  return steps.some(
    (next) => next.after.includes(id) && (next.kind === 'document' || leadsToDocument(next, steps, seen)),
  );
}

/** States in which a Task ends without its outcome. */
const lost: ReadonlySet<string> = new Set(['rejected', 'cancelled', 'failed']);

/** States of the Task by which a fulfiller has answered. */
const answers: ReadonlySet<string> = new Set(['accepted', 'rejected', 'cancelled', 'failed']);

function lastOf(steps: Reached['steps']): Date | undefined {
  if (steps.length === 0 || steps.some(({ doneAt }) => doneAt === undefined)) return undefined;
  return steps.map(({ doneAt }) => doneAt!).reduce((a, b) => (a > b ? a : b));
}
