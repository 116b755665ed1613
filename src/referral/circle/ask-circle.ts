/** Asking the fulfiller's hospital for the patient's care circle: found, joined or proposed, never overwritten (identity.md). */
import type { NewItem } from '../../delivery/types.ts';
import type { Reference } from '../../fhir/types.ts';
import type { CircleMember } from '../../store/circles.ts';
import type { Referral } from '../../store/referrals.ts';
import type { Repositories } from '../../store/store.ts';
import { taken } from '../plan-items.ts';
import type { ExchangeRules } from '../rules.ts';
import { circleEntries } from './circle-entries.ts';
import { memberOf } from './members.ts';

/** Kind of the items that carry a circle. */
export const circleKind = 'care-circle';

/** `ask`: which of the referral's; `candidate`: who had the referral then. */
export type CircleDetail = { ask: number; candidate: number };

/**
 * The item that lets these people join; none when there is nobody. It has a subject of its own: a hospital that keeps no
 * circles holds back nothing else. Hold the referral's lock.
 */
export async function askCircle(
  tx: Repositories,
  referral: Referral,
  members: readonly CircleMember[],
  { rules, now }: { rules: ExchangeRules; now: Date },
): Promise<NewItem[]> {
  if (members.length === 0) return [];
  const { tenant, id: referralId, candidate, fulfillerServer: serverId } = taken(referral);
  // what a former performer was to be asked may wait for a consent, and would hold this back
  for (const { id, payload } of await tx.outbox.open(tenant, { referralId, serverId, kind: circleKind }))
    if ((payload.detail as CircleDetail).candidate !== candidate)
      await tx.outbox.supersede(tenant, { id }, now);
  const ask = await tx.circles.add({ tenant, referralId, serverId, members: [...members], askedAt: now });
  const detail: CircleDetail = { ask: ask.n, candidate };
  return [
    {
      ...{ tenant, lane: 'clinical', serverId, referralId, kind: circleKind, detail },
      subject: `${referralId}/care-circle`,
      entries: circleEntries(ask, rules.referral),
    },
  ];
}

/** The same for whom the patient is handed on to, where the pathway began with a circle. */
export async function joinCircle(
  tx: Repositories,
  referral: Referral,
  people: readonly Reference[],
  parts: { rules: ExchangeRules; now: Date },
): Promise<NewItem[]> {
  const { tenant, id } = referral;
  if (people.length === 0 || !(await tx.circles.get(tenant, id, 1))) return [];
  const members: CircleMember[] = [];
  for (const person of people) {
    const member = await memberOf(tx, tenant, person);
    if (member) members.push(member);
  }
  return askCircle(tx, referral, members, parts);
}
