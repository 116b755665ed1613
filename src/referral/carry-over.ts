/** What was done of a pathway when somebody else goes on with it: kept in the ledger, and in the plan of whoever goes on. */
import type { AnyResource, CarePlan, Identifier, Json, Reference } from '../fhir/types.ts';
import type { Referral, ReferralEvent } from '../store/referrals.ts';
import type { Repositories } from '../store/store.ts';
import { valuesOf } from './parts.ts';
import { planStateOf } from './plan-state.ts';
import { isDone, isExcluded } from './progress.ts';

/**
 * `plan`: the care plan that was left, and the protocol it followed; `steps`: what was carried out, with its last outcome;
 * `excluded`: what a document decided is not to take place.
 */
export type Done = {
  plan: string;
  server: string;
  candidate: number;
  protocol: string | null;
  steps: { step: string; outcome: Reference }[];
  excluded?: string[];
};

/** What was carried out of the plan of whoever has it; undefined while nothing was. */
export async function doneSoFar(tx: Repositories, referral: Referral): Promise<Done | undefined> {
  const state = await planStateOf(tx, referral);
  if (!state || referral.candidate === null || referral.fulfillerServer === null) return undefined;
  const { activity = [], instantiatesCanonical = [] } = state.carePlan as unknown as CarePlan;
  const steps = state.steps.flatMap(({ id }) => {
    const outcome = activity.find((one) => one.id === id)?.outcomeReference?.at(-1);
    return outcome && isDone(state, id) && !isExcluded(state, id) ? [{ step: id, outcome }] : [];
  });
  if (steps.length === 0) return undefined;
  const excluded = state.steps.map(({ id }) => id).filter((id) => isExcluded(state, id));
  return {
    ...{ plan: state.carePlan.id, server: referral.fulfillerServer, candidate: referral.candidate },
    ...{ protocol: instantiatesCanonical[0] ?? null, steps },
    ...(excluded.length ? { excluded } : {}),
  };
}

/**
 * What the last performer that left it had done, whether or not those between took it on; of those that followed `protocol`,
 * when one is given.
 */
export function doneBefore(events: readonly ReferralEvent[], protocol?: string): Done | undefined {
  return events
    .filter(({ kind }) => leaving.has(kind))
    .map(({ detail }) => doneIn(detail))
    .findLast((done) => done && (protocol === undefined || done.protocol === protocol));
}

/** Events by which somebody leaves it. */
const leaving: ReadonlySet<string> = new Set(['transferred', 'sent-back']);

function doneIn(detail: Json): Done | undefined {
  return (detail as { done?: Done } | null)?.done;
}

/**
 * The plan that was left, its orders and the consultations held, as another server is given them. A consultation names the
 * order it carried out by identifier: ids are ours.
 */
export async function leftBehind(
  tx: Repositories,
  { tenant }: Pick<Referral, 'tenant'>,
  { plan, steps }: Done,
  orderKeyOf: (step: string) => string,
): Promise<AnyResource[]> {
  const carePlan = await tx.clinical.get(tenant, 'CarePlan', plan);
  if (!carePlan) return [];
  const found: AnyResource[] = [carePlan];
  for (const { id: step } of (carePlan as unknown as CarePlan).activity ?? []) {
    const identifier = orderKeyOf(step!);
    const { resources } = await tx.clinical.search(tenant, { type: 'ServiceRequest', identifier, limit: 1 });
    const [order] = resources;
    if (!order) continue; // a step that is no order
    found.push(order);
    const [type, id] = (steps.find((one) => one.step === step)?.outcome.reference ?? '').split('/');
    const encounter = type === 'Encounter' && id ? await tx.clinical.get(tenant, type, id) : undefined;
    const [named] = valuesOf(order, 'identifier') as Identifier[];
    if (encounter)
      found.push({ ...encounter, basedOn: [{ reference: `ServiceRequest/${order.id}`, identifier: named }] });
  }
  return found;
}
