/** The patient's care circle: proposed once where nobody had one, asked for as often as the pathway says, each time once. */
import { keyOf } from '../../../../src/fhir/key.ts';
import type { Identifier } from '../../../../src/fhir/types.ts';
import { partKey } from '../../../../src/referral/names.ts';
import type { FreshStory } from '../story/fresh-story.ts';
import type { Faults, Places } from './judged.ts';
import { neverBack, theOne } from './read-back.ts';

/** Adds what is wrong with it. Whoever had the referral before may have been asked, or let go before that. */
export async function judgeCircle(
  { line }: FreshStory,
  referral: string,
  { ville, psychiatrie }: Places,
  faults: Faults,
): Promise<void> {
  if (line.circle === undefined) return;
  const circle = await theOne(ville, 'CareTeam', partKey(referral, 'care-circle'), faults);
  if (circle) await neverBack(ville, circle, ['proposed'], faults);
  const members = (circle?.['participant'] ?? []) as unknown[];
  if (circle && members.length === 0) faults.wrong.push('CareTeam: nobody is in it');
  const prefix = partKey(referral, 'circle-task/');
  for (const [place, least] of [[ville, line.circle] as const, [psychiatrie, 0] as const]) {
    const tasks = await place.all('Task?_count=200');
    const asked = tasks
      .flatMap(({ identifier }) => (identifier as Identifier[] | undefined) ?? [])
      .flatMap((one) => keyOf(one) ?? [])
      .filter((key) => key.startsWith(prefix));
    const once = new Set(asked);
    if (once.size < asked.length) faults.duplicated.push(`Task ${prefix}: ${asked.length - once.size}`);
    if (once.size < least) faults.lost.push(`Task ${prefix}: ${once.size} of ${least}`);
  }
}
