/** Consent is asked again when something is about to leave: it may have ended or been withdrawn while the item waited. */
import type { Clock } from '../clock.ts';
import type { ServerConfig } from '../config.ts';
import { decide } from '../consent/decide.ts';
import type { ConsentRecipient } from '../consent/types.ts';
import type { ClaimedItem, Prepare } from '../delivery/types.ts';
import { GatewayError } from '../fhir/error.ts';
import type { CodeableConcept, Coding } from '../fhir/types.ts';
import type { Referral } from '../store/referrals.ts';
import type { Store } from '../store/store.ts';
import { type Asked, askKind } from './ask-item.ts';
import { candidateOf } from './candidate-state.ts';
import { circleKind } from './circle/ask-circle.ts';
import { recipientOfCandidate } from './fulfiller-keys.ts';
import type { Pathway } from './pathway.ts';
import type { ExchangeRules } from './rules.ts';

export type ConsentAtSendParts = {
  store: Store;
  pathway: Pathway;
  rules: ExchangeRules;
  servers: readonly ServerConfig[];
  clock: Clock;
};

/**
 * A hook before another: what no consent permits any more is set aside with what to obtain (`forbidden`), and can be
 * sent again once there is one.
 */
export function consentAtSend(parts: ConsentAtSendParts, then: Prepare): Prepare {
  const { store, pathway, rules, clock } = parts;
  return async (item) => {
    const { tenant, referralId } = item;
    const referral = referralId === null ? undefined : await store.referrals.get(tenant, referralId);
    if (!referral) return then(item);
    const { consents, patient } = await pathway.consents(store, referral);
    for (const recipient of await recipientsOf(item, referral, parts)) {
      const decision = decide({
        ...{ consents, patient, recipient, content: contentOf(item), rules: rules.consent },
        now: new Date(clock.now()),
      });
      if (!decision.permit)
        throw new GatewayError({
          ...{ category: 'forbidden', side: 'sender' },
          message: `Rien n’est parti. ${decision.reason} ${decision.obtain} Puis « referral retry ».`,
        });
    }
    return then(item);
  };
}

/**
 * Whom the item is for: told in it, or who is given more of the file or told who else cares for the patient. What else is asked
 * of a fulfiller tells nothing of the patient.
 */
async function recipientsOf(
  { detail, tenant, serverId, kind }: ClaimedItem,
  referral: Referral,
  { store, pathway, servers }: ConsentAtSendParts,
): Promise<ConsentRecipient[]> {
  if (kind === askKind || kind === circleKind) {
    if (kind === askKind && (detail as unknown as Asked).event !== 'inform') return [];
    const n = candidateOf(detail);
    const found = (await store.candidates.of(tenant, [referral.id])).find((one) => one.n === n);
    return found ? [await recipientOfCandidate(store, found, referral, servers)] : [];
  }
  const { recipient, recipients, document } = (detail ?? {}) as unknown as {
    recipient?: ConsentRecipient;
    recipients?: ConsentRecipient[];
    document?: string;
  };
  if (recipient) return [recipient];
  if (recipients) return recipients;
  // A document queued by an earlier version: whom its step has at this server by now, or whose server it is.
  const final = (await store.referrals.events(tenant, referral.id)).find(
    (event) =>
      event.kind === 'document-final' && (event.detail as { document?: string }).document === document,
  );
  const { step } = (final?.detail ?? {}) as { step?: string };
  if (step === undefined) return [];
  const named = (await pathway.recipients(store, referral, step)).recipients;
  const there = named.filter((one) => one.serverId === serverId);
  const home = servers.find(({ id }) => id === serverId);
  return there.length ? there : [{ name: home?.name ?? serverId, keys: home?.homeOf ?? [] }];
}

/** Types of the documents in the item. */
function contentOf({ entries }: ClaimedItem): Coding[] {
  return entries
    .filter(({ type }) => type === 'DocumentReference')
    .flatMap(({ body }) => (body['type'] as CodeableConcept | undefined)?.coding ?? []);
}
