/** What the people of a hospital do at their own server, which nothing of the gateway stands before. */
import type { AnyResource } from '../../../../src/fhir/types.ts';
import { candidatePart, partKey } from '../../../../src/referral/names.ts';
import type { Actors } from './actors.ts';
import type { FreshStory } from './fresh-story.ts';
import type { Place } from './story-line.ts';
import { tokenOf, until, written } from './until.ts';

/** The Task of the n-th who is asked, at a hospital. */
export type Turn = { referral: string; n: number; at: Place };

/** A person at the hospital moves it under the version they read; the gateway may have written meanwhile. */
export async function moveTask(actors: Actors, turn: Turn, change: object): Promise<void> {
  await until(`the Task at ${turn.at}`, async () => {
    const task = await taskThere(actors, turn);
    const version = `W/"${task.meta!.versionId}"`;
    const { status } = await actors.staff[turn.at].put(`Task/${task.id}`, { ...task, ...change }, version);
    return written(status, `the Task at ${turn.at}`);
  });
}

/** As it is there, once it is. */
export async function taskThere({ staff }: Actors, { referral, n, at }: Turn): Promise<AnyResource> {
  const token = tokenOf(partKey(referral, candidatePart('task', n)));
  return until(`the Task at ${at}`, async () => (await staff[at].all(`Task?identifier=${token}`))[0]);
}

/** What the town's people point to once it is at their server. */
export async function documentInTown({ documentKey }: FreshStory, { town }: Actors): Promise<object> {
  return until('the document in town', async () => {
    const [found] = await town.all(`DocumentReference?identifier=${tokenOf(documentKey)}`);
    return found && { reference: `DocumentReference/${found.id}` };
  });
}
