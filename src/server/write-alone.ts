/** One write by itself, not in a transaction (FHIR R4 §3.1.0.7, §3.1.0.8): a create under If-None-Exist, an update, a patch. */
import type { CalledServer } from './called-server.ts';
import { unreadable } from './caller.ts';
import { entryReceipt } from './entry-receipt.ts';
import type { EntryReceipt, TransactionEntry } from './types.ts';
import { etagOf } from './version.ts';

/** `unknown-outcome` when the answer does not tell where the resource is. */
export async function writeAlone({ id, call }: CalledServer, entry: TransactionEntry): Promise<EntryReceipt> {
  const { method, url, resource, ifMatch, ifNoneMatch, ifNoneExist } = entry;
  const { status, headers } = await call({
    ...{ method, path: url, body: resource, effect: 'write' },
    headers: {
      prefer: 'return=minimal',
      ...(ifMatch === undefined ? {} : { 'if-match': etagOf(ifMatch) }),
      ...(ifNoneMatch === undefined ? {} : { 'if-none-match': ifNoneMatch }),
      ...(ifNoneExist === undefined ? {} : { 'if-none-exist': ifNoneExist }),
    },
  });
  const header = (name: string): string | undefined => headers.get(name) ?? undefined;
  const receipt = entryReceipt(entry, {
    response: {
      status: status === 201 ? '201 Created' : '200 OK',
      ...{ location: header('location') ?? header('content-location'), etag: header('etag') },
      lastModified: instantOf(header('last-modified')),
    },
  });
  if (receipt) return receipt;
  throw unreadable(id, 'write', 'sa réponse ne dit pas où se trouve la ressource écrite');
}

function instantOf(httpDate: string | undefined): string | undefined {
  const at = Date.parse(httpDate ?? '');
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}
