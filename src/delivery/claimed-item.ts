import type { Claim } from '../store/outbox-claims.ts';
import type { ClaimedItem, WriteEntry } from './types.ts';

/** A stored row as what it was before it was stored (enqueue.ts wrote it). */
export function claimedItem({ payload, ...claim }: Claim): ClaimedItem {
  return { ...claim, entries: payload.entries as unknown as WriteEntry[], detail: payload.detail };
}
