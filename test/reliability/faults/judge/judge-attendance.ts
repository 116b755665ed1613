/** Who was there: the gateway keeps each sitting once, with everybody as they were told, and nothing of one that it refused. */
import { keyOf } from '../../../../src/fhir/key.ts';
import { isDeepStrictEqual } from 'node:util';
import type { FreshStory } from '../story/fresh-story.ts';
import type { Faults, Places } from './judged.ts';
import { encounterIdentifier, participantsOf } from '../story/pathway-moves.ts';
import { theOne } from './read-back.ts';

/** Adds what is wrong with the Encounters of a story as its fulfiller reads them. */
export async function judgeAttendance(
  story: FreshStory,
  gateway: Places['gateway'],
  faults: Faults,
): Promise<void> {
  const { consultations, afterwards = [] } = story.line;
  for (const sitting of [...consultations, ...afterwards]) {
    const key = keyOf(encounterIdentifier(story, sitting.step))!;
    const encounter = await theOne(gateway, 'Encounter', key, faults);
    if (encounter && !isDeepStrictEqual(encounter['participant'], participantsOf(sitting)))
      faults.wrong.push(`those who were at ${sitting.step}: ${JSON.stringify(encounter['participant'])}`);
  }
}
