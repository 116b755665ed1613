/** Batches: entries on their own, the whole always answers 200 (FHIR R4 §3.1.0.11.1, CORE-06). */
import { type Answer, refused } from './answer.ts';
import { entriesOf, type Entry, responseEntry } from './bundle-entry.ts';
import { perform } from './perform.ts';
import type { Records } from './records.ts';
import { Refusal } from './answer.ts';
import { runTransaction } from './transaction.ts';

/** Carries out a batch or a transaction. */
export function runBundle(records: Records, body: unknown): Answer {
  const { type, entries } = entriesOf(body);
  if (type === 'transaction') return answerWith('transaction-response', runTransaction(records, entries));
  if (type !== 'batch') throw new Refusal(400, 'invalid', 'A batch or a transaction is wanted');
  return answerWith(
    'batch-response',
    entries.map((entry) => batchEntry(records, entry)),
  );
}

function batchEntry(records: Records, { request }: Entry): object {
  try {
    return responseEntry(records, request.method, perform(records, request));
  } catch (error) {
    return responseEntry(records, request.method, refused(error));
  }
}

function answerWith(type: string, entry: object[]): Answer {
  return { status: 200, body: { resourceType: 'Bundle', type, ...(entry.length > 0 ? { entry } : {}) } };
}
