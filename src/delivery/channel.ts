/** A way out that is no FHIR server: an item goes there whole, under the same lease, retries and record as every other. */
import type { ClaimedItem, Receipt } from './types.ts';

/**
 * Delivers an item and answers one receipt for each of its entries. Called again after a lost answer it must find what
 * it did before, and do nothing twice. Throws a GatewayError; `retryable` decides whether the item waits or is parked.
 */
export type Channel = {
  send(item: ClaimedItem, stillHeld: () => Promise<boolean>): Promise<Receipt[] | 'lost'>;
};
