/** Documents that a new one stands to: what it replaces or completes must be known here and still hold (MHD-06). */
import { splitKey } from '../fhir/key.ts';
import type { AnyResource } from '../fhir/types.ts';
import type { DocumentRecord } from '../store/documents.ts';
import type { Referral } from '../store/referrals.ts';
import type { Repositories } from '../store/store.ts';
import { documentKey } from './document-reference.ts';
import type { DocumentFacts } from './facts.ts';
import { refuse } from './gate.ts';
import type { DocumentStep } from './pathway.ts';

export type Earlier = { code: 'replaces' | 'appends'; document: DocumentRecord };

const expression = 'Bundle.entry[0].resource.relatesTo';

/**
 * The documents of the same referral that this one replaces or completes. Once a step has its final document, only one
 * that names it may follow (DOC-03). Throws `unprocessable` for what is unknown or was replaced before.
 */
export async function earlierOf(
  tx: Repositories,
  referral: Referral,
  step: DocumentStep,
  { relations }: DocumentFacts,
): Promise<Earlier[]> {
  const known = await tx.documents.ofReferral(referral.tenant, referral.id);
  const earlier: Earlier[] = [];
  for (const { code, key } of relations) {
    if (code !== 'replaces' && code !== 'appends') continue;
    const document = known.find((one) => one.key === key && ['final', 'preliminary'].includes(one.status));
    if (!document)
      throw refuse(
        'Le document remplacé ou complété est inconnu de cette demande : donnez l’identifiant sous lequel il a été reçu.',
        ...[expression, 'not-found' as const],
      );
    const own = await ownReference(tx, referral.tenant, document.id);
    if (own && own['status'] !== 'current')
      throw refuse(
        'Le document remplacé ou complété l’a déjà été par un autre : nommez le plus récent.',
        ...[expression, 'conflict' as const],
      );
    earlier.push({ code, document });
  }
  if (step.done && !earlier.some(({ document }) => document.status === 'final'))
    throw refuse(
      `« ${step.title} » a déjà été reçue : un correctif nomme le document qu’il remplace, un complément celui qu’il ` +
        'complète (relatesTo, replaces ou appends).',
      expression,
    );
  return earlier;
}

/** The gateway's own DocumentReference of a stored document. */
export async function ownReference(
  tx: Repositories,
  tenant: string,
  documentId: string,
): Promise<(AnyResource & { id: string }) | undefined> {
  const identifier = documentKey(documentId);
  const { resources } = await tx.clinical.search(tenant, { type: 'DocumentReference', identifier, limit: 1 });
  return resources[0];
}

/** What `relatesTo` says of them, wherever it is read: by identifier. */
export function relatesTo(earlier: readonly Earlier[]): object {
  if (earlier.length === 0) return {};
  return {
    relatesTo: earlier.map(({ code, document }) => ({
      code,
      target: { type: 'DocumentReference', identifier: splitKey(documentKey(document.id)) },
    })),
  };
}
