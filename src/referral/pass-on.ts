/** Whoever was asked to hand over has stopped: the referral goes on with the one named then, or a person chooses anew. */
import { isGatewayError } from '../fhir/error.ts';
import type { CodeableConcept } from '../fhir/types.ts';
import type { Referral } from '../store/referrals.ts';
import type { Repositories } from '../store/store.ts';
import type { TransferAsked } from './ask-transfer.ts';
import { allowedAt, type DirectParts } from './direct.ts';
import { handOver } from './hand-over.ts';
import { giveToPerson } from './send-back.ts';

/** `told`: why its Task ended. Offer and consents are asked anew: much may have changed since. Hold the referral's lock. */
export async function passOn(
  tx: Repositories,
  parts: DirectParts,
  referral: Referral,
  { to, name, by, reason }: TransferAsked,
  told: CodeableConcept | undefined,
): Promise<void> {
  const found = await allowedAt(tx, parts, referral, to).catch((error: unknown) => {
    if (isGatewayError(error) && error.side === 'sender') return error.message;
    throw error;
  });
  if (typeof found === 'string') {
    const why = `${name} ne peut plus recevoir la demande, que le destinataire précédent a quittée : ${found}`;
    return giveToPerson(tx, parts, referral, { why, by: name });
  }
  await handOver(tx, parts, referral, {
    ...{ ...found, by, kind: 'transfer', ending: 'ended', told },
    ...(reason ? { reason } : {}),
  });
}
