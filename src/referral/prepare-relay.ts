/** A hospital that has a referral already is given the order and the Task of another of its offers, not the rest once more. */
import type { Prepare } from '../delivery/types.ts';
import type { Store } from '../store/store.ts';
import { candidateOf } from './candidate-state.ts';
import { fillerOrderKey, taskKey } from './names.ts';

/**
 * A hook before another: leaves out what an earlier relay of the referral brought to this server. What became of it there
 * is the hospital's; written again it would be a conflict.
 */
export function prepareRelay({ store }: { store: Pick<Store, 'references'> }, then: Prepare): Prepare {
  return async (item) => {
    const { tenant, serverId, referralId } = item;
    const entries = await then(item);
    const n = candidateOf(item.detail);
    if (n === 1 || referralId === null) return entries;
    const own = [fillerOrderKey(referralId, n), taskKey(referralId, n)];
    const others = entries.map(({ key }) => key).filter((key) => !own.includes(key));
    const known = await store.references.find([tenant], serverId, others);
    return entries.filter(({ type, key }) => !known.some((row) => row.type === type && row.key === key));
  };
}
