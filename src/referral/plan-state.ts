/** The care plan of a referral as stored, ready to be asked how far it is. */
import type { Identifier } from '../fhir/types.ts';
import type { Referral } from '../store/referrals.ts';
import type { Repositories } from '../store/store.ts';
import type { Step } from './plan-steps.ts';
import type { PlanState } from './progress.ts';
import { stepKey } from './plan-items.ts';
import { planStarted } from './plan-started.ts';

/** Undefined while the fulfiller has not accepted the referral. */
export async function planStateOf(
  tx: Pick<Repositories, 'clinical' | 'referrals'>,
  referral: Referral,
): Promise<PlanState | undefined> {
  const { tenant, id, carePlanId, candidate } = referral;
  if (carePlanId === null || candidate === null) return undefined;
  const carePlan = await tx.clinical.get(tenant, 'CarePlan', carePlanId);
  const started = (await tx.referrals.events(tenant, id)).findLast(({ kind }) => kind === planStarted);
  if (!carePlan || !started) return undefined;
  const { steps } = started.detail as unknown as { steps: Step[] };
  const orders: [string, Awaited<ReturnType<typeof tx.clinical.get>>][] = [];
  for (const step of steps.filter(({ kind }) => kind === 'order')) {
    const identifier = stepKey(id, step.id, candidate);
    const { resources } = await tx.clinical.search(tenant, { type: 'ServiceRequest', identifier, limit: 1 });
    orders.push([step.id, resources[0]]);
  }
  return {
    steps,
    carePlan,
    orders: new Map(orders.flatMap(([step, order]) => (order ? [[step, order]] : []))),
  };
}

/** The step that an order's identifier names, with its referral's id and whose plan it is of; undefined for any other one. */
export function stepNamedBy(
  identifiers: readonly Identifier[],
): { referralId: string; stepId: string; n: number } | undefined {
  for (const { system, value } of identifiers) {
    const [, referralId, stepId, n = '1'] =
      /^([^/]+)\/activity\/([^/]+)(?:\/([0-9]+))?$/.exec(value ?? '') ?? [];
    if (referralId && stepId && stepKey(referralId, stepId, Number(n)) === `${system}|${value}`)
      return { referralId, stepId, n: Number(n) };
  }
  return undefined;
}
