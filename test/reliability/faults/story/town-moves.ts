/** What the people of the fulfilling hospital do at their own server, which nothing of the gateway stands before. */
import type { Actors } from './actors.ts';
import type { FreshStory } from './fresh-story.ts';
import { tokenOf, until, written } from './until.ts';

/** The person in town writes under the version they read; the gateway may have written meanwhile. */
export async function moveTask({ task }: FreshStory, { town }: Actors, change: object): Promise<void> {
  await until('the Task in town', async () => {
    const [found] = await town.all(`Task?identifier=${tokenOf(task)}`);
    if (!found) return undefined;
    const version = `W/"${found.meta!.versionId}"`;
    const { status } = await town.put(`Task/${found.id}`, { ...found, ...change }, version);
    return written(status, 'the Task in town');
  });
}

/** What the town's people point to once it is at their server. */
export async function documentInTown({ documentKey }: FreshStory, { town }: Actors): Promise<object> {
  return until('the document in town', async () => {
    const [found] = await town.all(`DocumentReference?identifier=${tokenOf(documentKey)}`);
    return found && { reference: `DocumentReference/${found.id}` };
  });
}
