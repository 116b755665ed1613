/** Plays a story to its end through everything that goes wrong meanwhile. Throws when a step is refused or never comes. */
import { splitKey } from '../../../../src/fhir/key.ts';
import type { ReferralDetail, ReferralSummary } from '../../../../src/referral-operations.ts';
import type { Actors } from './actors.ts';
import { askAround } from './ask-around.ts';
import type { FreshStory } from './fresh-story.ts';
import { hold, holdInVain, namePerformer } from './pathway-moves.ts';
import { addToFile, closeReferral } from './placer-moves.ts';
import { documentInTown, moveTask } from './town-moves.ts';
import { expectOk, until } from './until.ts';

/** From the referral to its closing; `reached` hears of each step. Answers the gateway's id of the referral. */
export async function playStory(
  story: FreshStory,
  actors: Actors,
  reached: (step: string) => void,
): Promise<string> {
  const { line } = story;
  expectOk(await actors.placer.do((placer) => placer.post('', story.referral)), 'the referral');
  reached('placed');
  const referral = await until('the referral in the list', async () => {
    const all = await actors.operation<ReferralSummary[]>('referralList');
    return all.find(({ order }) => order === story.order)?.id;
  });
  await askAround(story, actors, referral);
  reached('accepted');
  if (line.adds) {
    await holdInVain(story, actors, referral, line.adds.without);
    await addToFile(story, actors, line.adds.input);
  }
  reached('planned');
  for (const one of line.refused ?? []) await holdInVain(story, actors, referral, one);
  for (const one of line.consultations) await hold(story, actors, referral, one);
  for (const [id, who] of Object.entries(line.named)) await namePerformer(story, actors, referral, id, who);
  reached('consulted');
  expectOk(await actors.fulfiller.do((ours) => ours.post('Bundle', story.document)), 'the document');
  const valueReference = line.documentAt.includes('ville')
    ? await documentInTown(story, actors)
    : { identifier: splitKey(story.documentKey) };
  for (const one of line.afterwards ?? []) await hold(story, actors, referral, one);
  reached('documented');
  const output = [{ type: { text: 'Document' }, valueReference }];
  await moveTask(actors, { referral, n: story.n, at: 'ville' }, { status: 'completed', output });
  await until('the end', async () => {
    await actors.look();
    const { state } = await actors.operation<ReferralDetail>('referralShow', { id: referral });
    return state === 'completed' || undefined; // the Task is, and every receiver has the document
  });
  reached('completed');
  await closeReferral(story, actors);
  reached('closed');
  return referral;
}
