/** ITI-65, Provide Document Bundle: the recipient's side. What is sent is taken whole or not at all (MHD-08). */
import { type BusinessKey, keyOf } from '../../fhir/key.ts';
import { parseLocalReference } from '../../fhir/references.ts';
import type { AnyResource, Bundle, Identifier, Reference } from '../../fhir/types.ts';
import { refuse } from '../gate.ts';
import { type DocumentContext, type DocumentSender, receiveDocument, receivePdf } from '../receive.ts';
import { factsOfReference } from './reference-facts.ts';
import { readSubmission, type Submission } from './submission.ts';

export type SubmissionAnswer = { status: number; response: AnyResource };

/** Throws as `receiveDocument` does, and `unprocessable` with every fault of the submission. */
export async function receiveSubmission(
  context: DocumentContext,
  sender: DocumentSender,
  bundle: AnyResource,
): Promise<SubmissionAnswer> {
  const submission = readSubmission(bundle as unknown as Bundle);
  const { reference, bytes, contentType, patient } = submission;
  const key = keyOf(reference.masterIdentifier)!;
  if (contentType === context.rules.contentType) {
    const received = await receiveDocument(context, sender, bytes, key);
    return answer(submission, received);
  }
  if (contentType !== 'application/pdf')
    throw refuse(
      `Type de contenu non pris en charge. Types reçus : ${context.rules.contentType}, application/pdf.`,
      'Bundle.entry.resource.ofType(DocumentReference).content[0].attachment.contentType',
      'not-supported',
    );
  const related = new Map<string, BusinessKey>();
  for (const { target } of reference.relatesTo ?? [])
    related.set(JSON.stringify(target), await keyOfTarget(context, sender.tenant, target));
  const facts = factsOfReference(reference, patient, bundle, (target) =>
    related.get(JSON.stringify(target))!,
  );
  return answer(submission, await receivePdf(context, sender, facts, bytes));
}

/** One of our documents, named by its identifier or by the id of the DocumentReference that we answered. */
async function keyOfTarget(
  { store }: DocumentContext,
  tenant: string,
  { identifier, reference }: Reference,
): Promise<BusinessKey> {
  const local = parseLocalReference(reference ?? '');
  const own = local && (await store.clinical.get(tenant, local.type, local.id));
  const key = keyOf(identifier) ?? keyOf(own?.['masterIdentifier'] as Identifier | undefined);
  return key ?? 'urn:passerelle:unknown|';
}

/** One entry for each sent, in order; what was not stored as a resource of its own has no location. */
function answer(
  { types }: Submission,
  { status, resource, documentId }: { status: number; resource: AnyResource; documentId: string },
): SubmissionAnswer {
  const locations: Record<string, string | undefined> = {
    DocumentReference:
      resource.resourceType === 'DocumentReference' ? `DocumentReference/${resource.id}` : undefined,
    Binary: `Binary/${documentId}`,
  };
  const entry = types.map((type) => {
    const location = locations[type];
    const line = type === 'Parameters' ? '200 OK' : status === 201 ? '201 Created' : '200 OK';
    return { response: { status: line, ...(location ? { location } : {}) } };
  });
  return { status: 200, response: { resourceType: 'Bundle', type: 'transaction-response', entry } };
}
