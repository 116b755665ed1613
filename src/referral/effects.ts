/** What becomes of a referral when its items arrive. */
import type { Clock } from '../clock.ts';
import type { Effect } from '../delivery/types.ts';
import { relayKind } from './candidate.ts';
import { askEffect, askKind } from './ask-item.ts';
import { candidateOf } from './candidate-state.ts';
import { circleKind } from './circle/ask-circle.ts';
import { circleEffect } from './circle/prepare-circle.ts';
import { planKind } from './plan-items.ts';
import { relayedEvent } from './relay-found.ts';
import { renewedEvent, renewKind, renewOvertaken } from './renew-consent.ts';

/** Effects by item kind; each writes its event in the transaction that records the receipts. */
export function referralEffects(clock: Clock): ReadonlyMap<string, Effect> {
  const arrived =
    (kind: string): Effect =>
    async (tx, { tenant, referralId, serverId, detail }) => {
      if (referralId === null) return;
      await tx.referrals.hold(tenant, referralId);
      const at = new Date(clock.now());
      const whom = kind === relayedEvent ? { candidate: candidateOf(detail) } : {};
      const told = { server: serverId, ...whom };
      await tx.referrals.addEvent(tenant, referralId, { at, kind, actor: 'gateway', detail: told });
    };
  const relayed = arrived(relayedEvent);
  const brought: Effect = async (tx, item, receipts) => {
    await relayed(tx, item, receipts);
    if (item.referralId !== null) await renewOvertaken(tx, item.referralId, item, clock);
  };
  return new Map([
    [relayKind, brought],
    [renewKind, arrived(renewedEvent)],
    [planKind, arrived('plan-delivered')],
    [askKind, askEffect({ clock })],
    [circleKind, circleEffect(clock)],
  ]);
}
