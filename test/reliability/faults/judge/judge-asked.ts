/** Everybody who was asked: an order and a Task of their own, once, that ended as it had to; a plan that is none is revoked. */
import { candidatePart, fillerOrderKey, partKey } from '../../../../src/referral/names.ts';
import { askedIn } from '../story/ask-around.ts';
import type { FreshStory } from '../story/fresh-story.ts';
import type { Faults, Places } from './judged.ts';
import { neverBack, theOne } from './read-back.ts';

const towards = {
  completed: ['requested', 'received', 'accepted', 'in-progress', 'completed'],
  cancelled: ['requested', 'received', 'accepted', 'in-progress', 'cancelled'],
  rejected: ['requested', 'received', 'rejected'],
};

/** Adds what is wrong with them. */
export async function judgeAsked(
  { line, order: placed }: FreshStory,
  referral: string,
  places: Places,
  faults: Faults,
): Promise<void> {
  for (const [index, { at, answers, ends }] of askedIn(line).entries()) {
    const [n, place] = [index + 1, places[at]];
    const order = await theOne(place, 'ServiceRequest', fillerOrderKey(referral, n), faults);
    if (order && !JSON.stringify(order['basedOn']).includes(placed.split('|')[1]!))
      faults.wrong.push(`the order ${n} is not based on the placer’s`);
    const task = await theOne(place, 'Task', partKey(referral, candidatePart('task', n)), faults);
    if (task && task['status'] !== ends) faults.lost.push(`the Task ${n} is ${String(task['status'])}`);
    if (task) await neverBack(place, task, towards[ends], faults);
    if (answers !== 'accepted' || ends === 'completed') continue;
    const plan = await theOne(place, 'CarePlan', partKey(referral, candidatePart('care-plan', n)), faults);
    if (plan && plan['status'] !== 'revoked') faults.lost.push(`the plan ${n} is ${String(plan['status'])}`);
    if (plan) await neverBack(place, plan, ['active', 'revoked'], faults);
  }
}
