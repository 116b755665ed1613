/** What the gateway's own ledger tells of a story: each step once, in the story's order. */
import type { ReferralDetail } from '../../../../src/referral-operations.ts';
import { askedIn } from '../story/ask-around.ts';
import type { FreshStory } from '../story/fresh-story.ts';
import type { Asked } from '../story/story-line.ts';
import type { Faults } from './judged.ts';

/** Kinds of events that happen so many times, in the order in which the first of each comes. */
function expectedOf({ line }: FreshStory): [kind: string, times: number][] {
  const asked = askedIn(line);
  const count = (test: (one: Asked) => boolean): number => asked.filter(test).length;
  const all: [string, number][] = [
    ['accepted', 1],
    ['unrouted', asked.some(({ by }) => by === 'order') ? 0 : 1],
    ['assigned', count(({ by }) => by === 'assign')],
    ['relayed', asked.length],
    ['sent-back', count(({ answers }) => answers === 'rejected')],
    ['plan-started', count(({ answers }) => answers === 'accepted')],
    ['transferred', count(({ by }) => by === 'transfer')],
    ['consultation', line.consultations.length + (line.afterwards?.length ?? 0)],
    ['document-final', 1],
    ['document-delivered', line.documentAt.length],
    ['completed', 1],
    ['referral-closed', 1],
  ];
  return all.filter(([, times]) => times > 0);
}

/** Adds what the timeline has too often, too rarely or in a wrong order. */
export function judgeLedger(
  story: FreshStory,
  { timeline, state, closedAt }: ReferralDetail,
  faults: Faults,
): void {
  const expected = expectedOf(story);
  // Whoever is let go while an answer is lost turns out later to have received it.
  const kinds = timeline.map(({ kind }) => (kind === 'relay-found' ? 'relayed' : kind));
  for (const [kind, times] of expected) {
    const found = kinds.filter((one) => one === kind).length;
    if (found < times) faults.lost.push(`event ${kind}: ${found} of ${times}`);
    if (found > times) faults.duplicated.push(`event ${kind}: ${found} instead of ${times}`);
  }
  // The document may reach its farther receiver after the end.
  const first = expected
    .filter(([kind]) => kind !== 'document-delivered')
    .map(([kind]) => kinds.indexOf(kind));
  if (first.some((at, index) => index > 0 && at < first[index - 1]!))
    faults.disordered.push(`events: ${kinds.join(' → ')}`);
  if (state !== 'completed' || !closedAt)
    faults.lost.push(`the referral is ${state}${closedAt ? '' : ', open'}`);
}
