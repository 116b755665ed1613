/** What the requester does after the referral: adds to the file, takes note of the end. */
import type { Actors } from './actors.ts';
import type { FreshStory } from './fresh-story.ts';
import { tokenOf, until, written } from './until.ts';

/** Adds what the pathway asks for, once, under the version that was read. */
export async function addToFile({ task }: FreshStory, { placer }: Actors, input: object): Promise<void> {
  await until('what was missing', async () => {
    const [own] = await placer.all(`Task?identifier=${tokenOf(task)}`);
    if (own?.['input']) return true;
    const { status } = await placer.do((ours) =>
      ours.put(`Task/${own!.id}`, { ...own, input: [input] }, `W/"${own!.meta!.versionId}"`),
    );
    return written(status, 'what was missing');
  });
}

/** The placer has seen how it ended. */
export async function closeReferral({ order: key }: FreshStory, { placer }: Actors): Promise<void> {
  await until('the closing', async () => {
    const [order] = await placer.all(`ServiceRequest?identifier=${tokenOf(key)}`);
    if (order?.['status'] === 'completed') return true;
    const { status } = await placer.do((ours) =>
      ours.put(`ServiceRequest/${order!.id}`, { ...order, status: 'completed' }),
    );
    return written(status, 'the closing');
  });
}
