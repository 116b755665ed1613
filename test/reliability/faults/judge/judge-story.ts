/** What hospitals and the gateway show of a story once all is quiet, read over plain HTTP and judged. */
import type { AnyResource } from '../../../../src/fhir/types.ts';
import { partKey } from '../../../../src/referral/names.ts';
import type { FreshStory } from '../story/fresh-story.ts';
import { judgeAsked } from './judge-asked.ts';
import { judgeAttendance } from './judge-attendance.ts';
import { judgeCircle } from './judge-circle.ts';
import { judgePlan } from './judge-plan.ts';
import { judgePrint, sameBytes } from './judge-bytes.ts';
import { type Faults, noFaults, type Places } from './judged.ts';
import { theOne } from './read-back.ts';

/** Exactly one of everything at each place, the bytes those that were sent, nothing ever set back. */
export async function judgeStory(story: FreshStory, referral: string, places: Places): Promise<Faults> {
  const faults = noFaults();
  const { ville } = places;
  const inTown = (type: string, key: string): Promise<AnyResource | undefined> =>
    theOne(ville, type, key, faults);
  await judgeAsked(story, referral, places, faults);
  await inTown('Patient', partKey(referral, 'patient'));
  await sameBytes(ville, await inTown('DocumentReference', story.letter), story.letterBytes, faults);
  await judgePlan(story, referral, ville, faults);
  await judgeCircle(story, referral, places, faults);
  await judgeAttendance(story, places.gateway, faults);
  for (const place of story.line.documentAt) {
    const document = await theOne(places[place], 'DocumentReference', story.documentKey, faults);
    await sameBytes(places[place], document, story.document, faults);
    await judgePrint(places[place], document, faults);
  }
  return faults;
}
