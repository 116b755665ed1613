/** An order that replaces earlier ones of its placer (ServiceRequest.replaces): those that have ended are closed with it. */
import { keyOf } from '../fhir/key.ts';
import type { AnyResource, Reference } from '../fhir/types.ts';
import type { Repositories } from '../store/store.ts';
import { closeReferral } from './close.ts';
import type { Caller } from './context.ts';

/** `by`: the referral that takes their place. One that goes on is not closed: its placer cancels it. */
export async function closeReplaced(
  tx: Repositories,
  { tenant, client }: Pick<Caller, 'tenant' | 'client'>,
  order: AnyResource,
  by: string,
  at: Date,
): Promise<void> {
  for (const { identifier } of (order['replaces'] ?? []) as Reference[]) {
    const key = keyOf(identifier);
    const named = key === undefined ? [] : await tx.referrals.byOrder(tenant, key);
    const own = named.find(({ placerClient }) => placerClient === client);
    const earlier = own && (await tx.referrals.lock(tenant, own.id));
    if (!earlier) continue;
    const event = { at, kind: 'replaced', actor: client, detail: { replacement: by } };
    await tx.referrals.addEvent(tenant, earlier.id, event);
    await closeReferral(tx, earlier, client, at);
  }
}
