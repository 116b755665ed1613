/** Answers in FHIR form. */
import type { AnyResource } from '../fhir/types.ts';
import type { StoredPart } from './stored.ts';

/** A transaction-response: one entry an entry of the request, in its order (FHIR R4 §3.1.0.11.3, MHD-08). */
export function transactionResponse(stored: readonly StoredPart[], at: Date): AnyResource {
  return {
    resourceType: 'Bundle',
    type: 'transaction-response',
    entry: stored.map(({ resource: { resourceType }, id }) => ({
      response: {
        status: '201 Created',
        location: `${resourceType}/${id}/_history/1`,
        etag: 'W/"1"',
        lastModified: at.toISOString(),
      },
    })),
  };
}
