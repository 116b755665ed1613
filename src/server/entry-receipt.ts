/** What a transaction response says of one entry. */
import type { EntryReceipt, TransactionEntry } from './types.ts';
import { versionOfEtag } from './version.ts';

type ResponseEntry = {
  response?: { status?: unknown; location?: unknown; etag?: unknown; lastModified?: unknown };
};

const versioned = /(?:^|\/)([A-Z][A-Za-z]+)\/([A-Za-z0-9\-.]{1,64})(?:\/_history\/([A-Za-z0-9\-.]{1,64}))?$/;

/** The receipt; undefined unless the entry succeeded and its place is known. An update may leave its location out. */
export function entryReceipt(sent: TransactionEntry, answered: unknown): EntryReceipt | undefined {
  const response = (answered as ResponseEntry | null)?.response;
  const status = response?.status;
  if (typeof status !== 'string' || !/^2\d\d/.test(status)) return undefined;
  const location = typeof response?.location === 'string' ? response.location : undefined;
  const [, type, localId, version] =
    versioned.exec(location ?? (sent.method === 'POST' ? '' : sent.url)) ?? [];
  const [wanted] = sent.url.split('/');
  if (!type || !localId || type !== wanted) return undefined;
  const { lastModified } = response ?? {};
  return {
    type,
    localId,
    versionId: versionOfEtag(response?.etag) ?? version,
    lastUpdated: typeof lastModified === 'string' ? lastModified : undefined,
    status,
  };
}
