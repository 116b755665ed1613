/** What was done of a pathway when somebody else goes on with it: kept in the ledger, and in the plan of whoever goes on. */
import type { CarePlan, Encounter, Json, Reference } from '../fhir/types.ts';
import type { AnyResource, Identifier } from '../fhir/types.ts';
import type { Referral, ReferralEvent } from '../store/referrals.ts';
import type { Repositories } from '../store/store.ts';
import { valuesOf } from './parts.ts';
import { planStateOf } from './plan-state.ts';
import { isDone, isExcluded } from './progress.ts';

/** `plan`: the care plan that was left, and the protocol it followed; `steps`: what was carried out, with its last outcome. */
export type Done = {
  plan: string;
  server: string;
  candidate: number;
  protocol: string | null;
  steps: { step: string; outcome: Reference }[];
};

/** As far as the plan of whoever has it came; undefined while there is none. */
export async function doneSoFar(tx: Repositories, referral: Referral): Promise<Done | undefined> {
  const state = await planStateOf(tx, referral);
  if (!state || referral.candidate === null || referral.fulfillerServer === null) return undefined;
  const { activity = [], instantiatesCanonical = [] } = state.carePlan as unknown as CarePlan;
  const steps = state.steps.flatMap(({ id }) => {
    const outcome = activity.find((one) => one.id === id)?.outcomeReference?.at(-1);
    return outcome && isDone(state, id) && !isExcluded(state, id) ? [{ step: id, outcome }] : [];
  });
  return {
    ...{ plan: state.carePlan.id, server: referral.fulfillerServer, candidate: referral.candidate },
    ...{ protocol: instantiatesCanonical[0] ?? null, steps },
  };
}

/** What the last performer that handed it over had done, whether or not those between took it on. */
export function doneBefore(events: readonly ReferralEvent[]): Done | undefined {
  const last = events.findLast(({ kind, detail }) => kind === 'transferred' && doneIn(detail));
  return last && doneIn(last.detail);
}

function doneIn(detail: Json): Done | undefined {
  return (detail as { done?: Done } | null)?.done;
}

/**
 * The plan that was left, its orders that were carried out and the consultations held, as another server is given them.
 * A consultation names the order it carried out by identifier: ids are ours.
 */
export async function leftBehind(
  tx: Repositories,
  { tenant }: Pick<Referral, 'tenant'>,
  { plan, steps }: Done,
  orderKeyOf: (step: string) => string,
): Promise<AnyResource[]> {
  const carePlan = await tx.clinical.get(tenant, 'CarePlan', plan);
  const found: AnyResource[] = [];
  for (const { step, outcome } of steps) {
    const identifier = orderKeyOf(step);
    const { resources } = await tx.clinical.search(tenant, { type: 'ServiceRequest', identifier, limit: 1 });
    const [order] = resources;
    if (order) found.push(order);
    const [type, id] = (outcome.reference ?? '').split('/');
    const encounter = type === 'Encounter' && id ? await tx.clinical.get(tenant, 'Encounter', id) : undefined;
    if (!encounter) continue;
    const [named] = order ? (valuesOf(order, 'identifier') as Identifier[]) : [];
    const { basedOn: _ours, ...rest } = encounter as unknown as Encounter;
    const basedOn =
      order && named ? { basedOn: [{ reference: `ServiceRequest/${order.id}`, identifier: named }] } : {};
    found.push({ ...rest, ...basedOn } as unknown as AnyResource);
  }
  return carePlan ? [carePlan, ...found] : found;
}
