/** The care plan at the fulfilling hospital: once, each step as far as it came, each outcome once, what decided named. */
import type { Caller } from '../../../../src/demo/http.ts';
import { keyOf } from '../../../../src/fhir/key.ts';
import type { Identifier } from '../../../../src/fhir/types.ts';
import { candidatePart, partKey } from '../../../../src/referral/names.ts';
import { stepKey } from '../../../../src/referral/plan-items.ts';
import type { FreshStory } from '../story/fresh-story.ts';
import type { Faults } from './judged.ts';
import { encounterIdentifier } from '../story/pathway-moves.ts';
import { neverBack, theOne, versionsOf } from './read-back.ts';

type Outcome = { identifier?: Identifier };
type Plan = { activity?: { id: string; outcomeReference?: Outcome[] }[]; supportingInfo?: Outcome[] };

/** Adds what is wrong with the plan and the orders of its steps. */
export async function judgePlan(
  story: FreshStory,
  referral: string,
  town: Caller,
  faults: Faults,
): Promise<void> {
  const { consultations, afterwards = [], left } = story.line;
  const held = [...consultations, ...afterwards].map(({ step }) => step);
  const ends = { ...left, ...Object.fromEntries(held.map((step) => [step, 'completed'])) };
  for (const [id, end] of Object.entries(ends)) {
    const order = await theOne(town, 'ServiceRequest', stepKey(referral, id, story.n), faults);
    if (!order) continue;
    await neverBack(town, order, ['draft', 'active', 'completed', 'revoked'], faults);
    if (order['status'] !== end) faults.lost.push(`the step ${id} is ${String(order['status'])}, not ${end}`);
  }
  const plan = await theOne(town, 'CarePlan', partKey(referral, candidatePart('care-plan', story.n)), faults);
  if (!plan) return;
  const versions = await versionsOf(town, `CarePlan/${plan.id}`);
  const outcomes = versions.map((version) => outcomesOf(version as unknown as Plan));
  growsOnly('outcomes', outcomes, faults);
  const expected = held.map((step) => `${step} ${keyOf(encounterIdentifier(story, step))}`);
  onceEach('outcome', expected, outcomes.at(-1)!, faults);
  const decided = versions.map((version) => keysIn((version as unknown as Plan).supportingInfo));
  growsOnly('decisions', decided, faults);
  onceEach('decision', [story.documentKey], decided.at(-1)!, faults);
}

/** Of every step, whom it was held with or what it yielded. */
function outcomesOf({ activity = [] }: Plan): string[] {
  return activity.flatMap(({ id, outcomeReference }) =>
    keysIn(outcomeReference).map((key) => `${id} ${key}`),
  );
}

function keysIn(references: readonly Outcome[] = []): string[] {
  return references.flatMap(({ identifier }) => keyOf(identifier) ?? []);
}

/** What stands in one version stands in all later ones. */
function growsOnly(what: string, versions: readonly string[][], faults: Faults): void {
  if (versions.some((now, index) => index > 0 && versions[index - 1]!.some((one) => !now.includes(one))))
    faults.disordered.push(`CarePlan ${what}: ${versions.map((one) => one.join(' ')).join(' → ')}`);
}

function onceEach(what: string, expected: readonly string[], found: readonly string[], faults: Faults): void {
  for (const one of expected) {
    const times = found.filter((other) => other === one).length;
    if (times === 0) faults.lost.push(`CarePlan: no ${what} ${one}`);
    if (times > 1) faults.duplicated.push(`CarePlan: ${times} × ${what} ${one}`);
  }
}
