/** Writing all or nothing (FHIR R4 §3.1.0.11.2), in small transactions with a receipt for each entry. */
import { GatewayError } from '../fhir/error.ts';
import type { CalledServer } from './called-server.ts';
import { unreadable } from './caller.ts';
import { entryReceipt } from './entry-receipt.ts';
import type { EntryReceipt, TransactionEntry } from './types.ts';
import { etagOf } from './version.ts';

/** Rows of one transaction share one lastUpdated: small ones keep a later comparison cheap. */
export const mostEntries = 64;

/**
 * Sends the entries as one transaction; receipts come in their order. `conflict` when a version moved or a parallel
 * write won; `unknown-outcome` when the answer is lost or does not tell what became of every entry.
 */
export async function sendTransaction(
  { id, call }: CalledServer,
  entries: readonly TransactionEntry[],
): Promise<EntryReceipt[]> {
  if (entries.length === 0) return [];
  refuseUnsound(entries);
  const { body } = await call({
    method: 'POST',
    path: '',
    body: {
      ...{ resourceType: 'Bundle', ...declared(entries), type: 'transaction' },
      entry: entries.map(bundleEntry),
    },
    headers: { prefer: 'return=minimal' },
    effect: 'write',
  });
  const { type, entry } = body;
  if (type !== 'transaction-response' || !Array.isArray(entry) || entry.length !== entries.length) {
    throw unreadable(id, 'write', 'sa réponse à la transaction n’a pas une entrée par écriture');
  }
  return entries.map((sent, i) => {
    const receipt = entryReceipt(sent, entry[i]);
    if (receipt) return receipt;
    throw unreadable(id, 'write', 'sa réponse à la transaction ne dit pas ce qu’une écriture est devenue');
  });
}

function declared(entries: readonly TransactionEntry[]): { meta?: object } {
  const profile = [...new Set(entries.flatMap(({ bundleProfile }) => bundleProfile ?? []))];
  return profile.length > 0 ? { meta: { profile } } : {};
}

function bundleEntry(entry: TransactionEntry): object {
  const { method, url, resource, fullUrl, ifMatch, ifNoneMatch, ifNoneExist } = entry;
  return {
    ...(fullUrl === undefined ? {} : { fullUrl }),
    resource,
    request: {
      method,
      url,
      ...(ifMatch === undefined ? {} : { ifMatch: etagOf(ifMatch) }),
      ...(ifNoneMatch === undefined ? {} : { ifNoneMatch }),
      ...(ifNoneExist === undefined ? {} : { ifNoneExist }),
    },
  };
}

/** Two entries for one identity: a server may silently drop one (P-19, HAPI-04). */
function refuseUnsound(entries: readonly TransactionEntry[]): void {
  const targets = entries.map(({ method, url, ifNoneExist }, i) =>
    method === 'POST' ? `${url}?${ifNoneExist ?? i}` : url,
  );
  if (entries.length <= mostEntries && new Set(targets).size === targets.length) return;
  throw new GatewayError({
    category: 'fault',
    side: 'gateway',
    message: 'La passerelle a formé une transaction trop longue ou qui écrit deux fois la même ressource.',
  });
}
