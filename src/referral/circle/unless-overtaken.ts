import type { Prepare } from '../../delivery/types.ts';
import type { Store } from '../../store/store.ts';
import { abortOf } from '../end-withdrawn.ts';
import type { CircleDetail } from './ask-circle.ts';

const givenUp: ReadonlySet<string> = new Set(['cancelled', 'rejected', 'failed', 'entered-in-error']);

/**
 * A hook before the others: nothing is asked of a care circle for a referral that somebody else has by now, or that was given
 * up or asked back, and no consent is asked for. What was decided before stays, since it may be there.
 */
export function unlessOvertaken(store: Store, then: Prepare): Prepare {
  return async (item) => {
    const { tenant, referralId } = item;
    const { ask: n, candidate } = item.detail as CircleDetail;
    const ask = referralId === null ? undefined : await store.circles.get(tenant, referralId, n);
    if (ask?.state !== 'queued') return then(item);
    const referral = await store.referrals.get(tenant, ask.referralId);
    const isTheirs = referral?.candidate === candidate && !givenUp.has(referral.state);
    if (isTheirs && !(await abortOf(store, referral))) return then(item);
    await store.circles.decide({ ...ask, state: 'overtaken' });
    return [];
  };
}
