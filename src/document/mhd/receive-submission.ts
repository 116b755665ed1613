/** ITI-65, Provide Document Bundle: the recipient's side. What is sent is taken whole or not at all (MHD-08). */
import type { AnyResource, Bundle } from '../../fhir/types.ts';
import type { DocumentContext, DocumentSender, Received } from '../receive.ts';
import { receiveReferenced } from './receive-referenced.ts';
import { readSubmission, type Submission } from './submission.ts';

export type SubmissionAnswer = { status: number; response: AnyResource };

/** Throws as `receiveDocument` does, and `unprocessable` with every fault of the submission. */
export async function receiveSubmission(
  context: DocumentContext,
  sender: DocumentSender,
  bundle: AnyResource,
): Promise<SubmissionAnswer> {
  const submission = readSubmission(bundle as unknown as Bundle);
  const at = 'Bundle.entry.resource.ofType(DocumentReference)';
  return answer(submission, await receiveReferenced(context, sender, { ...submission, at, content: bundle }));
}

/** One entry for each sent, in order; what was not stored as a resource of its own has no location. */
function answer({ types }: Submission, { status, resource, documentId }: Received): SubmissionAnswer {
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
