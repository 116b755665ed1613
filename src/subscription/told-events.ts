/** Events as far as a client may be told of them now. */
import type { ClientConfig } from '../config.ts';
import type { Store } from '../store/store.ts';
import type { SubscriptionEvent } from '../store/subscription-events.ts';
import type { ToldEvent } from './notification.ts';
import type { Content } from './read.ts';
import { takesPart } from './rights.ts';

/**
 * Whoever lost its part in the referral since is told the number, so that no gap worries it, and nothing else; so is who
 * asked for empty notifications (SUB-05).
 */
export async function toldEvents(
  { referrals }: Pick<Store, 'referrals'>,
  client: ClientConfig,
  events: readonly SubscriptionEvent[],
  content: Content,
): Promise<ToldEvent[]> {
  const told: ToldEvent[] = [];
  for (const { n, at, referralId, ...focus } of events) {
    const referral = content === 'empty' ? undefined : await referrals.get(client.tenant, referralId);
    told.push({ n, at, focus: referral && takesPart(client, referral) ? focus : undefined });
  }
  return told;
}
