/** Until somebody has the referral: who is asked, what they answer, and whom a coordinator turns to then. */
import type { ReferralDetail } from '../../../../src/referral-operations.ts';
import type { Actors } from './actors.ts';
import type { FreshStory } from './fresh-story.ts';
import type { Asked, StoryLine } from './story-line.ts';
import { moveTask, taskThere } from './town-moves.ts';
import { until } from './until.ts';

/** Whoever the order of the example names takes it on. */
const onlyOne: readonly Asked[] = [
  { by: 'order', offer: '', at: 'ville', answers: 'accepted', ends: 'completed' },
];

/** Everybody who is asked in a story, in the order of their numbers. */
export function askedIn({ asked = onlyOne }: StoryLine): readonly Asked[] {
  return asked;
}

/** Events by which a coordinator's decision is told. */
const decided = { assign: 'assigned', transfer: 'transferred' } as const;

/** Ends when the last one accepted; with each that accepts, a plan begins. */
export async function askAround({ line }: FreshStory, actors: Actors, referral: string): Promise<void> {
  const told = async (kind: string): Promise<number> => {
    const { timeline } = await actors.operation<ReferralDetail>('referralShow', { id: referral });
    return timeline.filter((one) => one.kind === kind).length;
  };
  const toBeTold = (kind: string, times: number, meanwhile: () => Promise<void>): Promise<true> =>
    until(`${times} × ${kind}`, async () => {
      if ((await told(kind)) >= times) return true;
      await meanwhile();
      return undefined;
    });
  const asked = askedIn(line);
  const sofar = (index: number, test: (one: Asked) => boolean): number =>
    asked.slice(0, index + 1).filter(test).length;
  for (const [index, { by, offer, at, answers }] of asked.entries()) {
    if (by !== 'order')
      await toBeTold(
        decided[by],
        sofar(index, (one) => one.by === by),
        async () => {
          await actors.look();
          await actors.attempt(`referral${by === 'assign' ? 'Assign' : 'Transfer'}`, {
            ...{ id: referral, to: offer, by: 'Mme ESSAI-COORDINATION' },
          });
        },
      );
    const turn = { referral, n: index + 1, at };
    await taskThere(actors, turn); // who has it before them may answer, or not
    if (!answers) continue;
    const reason = answers === 'rejected' ? { statusReason: { text: 'Complet' } } : {};
    await moveTask(actors, turn, { status: answers, ...reason });
    if (answers === 'accepted')
      await toBeTold(
        'plan-started',
        sofar(index, (one) => one.answers === 'accepted'),
        () => actors.look(),
      );
  }
}
