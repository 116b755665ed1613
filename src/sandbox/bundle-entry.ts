/** Entries of a batch or transaction, in and out (FHIR R4 §3.1.0.11). */
import { STATUS_CODES } from 'node:http';
import type { AnyResource } from '../fhir/types.ts';
import { type Answer, Refusal } from './answer.ts';
import type { Records } from './records.ts';
import { addressOf, type FhirRequest } from './request.ts';

export type Entry = { fullUrl: string | undefined; request: FhirRequest };

type RawEntry = {
  fullUrl?: string;
  resource?: AnyResource;
  request?: { method?: string; url?: string; ifMatch?: string; ifNoneMatch?: string; ifNoneExist?: string };
};

/** Entries a Bundle may hold. */
const mostEntries = 5000;

export function entriesOf(body: unknown): { type: unknown; entries: Entry[] } {
  const bundle = (body ?? {}) as { resourceType?: unknown; type?: unknown; entry?: unknown };
  if (bundle.resourceType !== 'Bundle') throw new Refusal(400, 'invalid', 'A Bundle is wanted');
  const list = (bundle.entry ?? []) as (RawEntry | null)[];
  if (!Array.isArray(list)) throw new Refusal(400, 'structure', 'Bundle.entry is no list');
  if (list.length > mostEntries) throw new Refusal(413, 'too-costly', 'Too many entries');
  return { type: bundle.type, entries: list.map(entryOf) };
}

function entryOf(raw: RawEntry | null): Entry {
  const { method, url, ifMatch, ifNoneMatch, ifNoneExist } = raw?.request ?? {};
  if (typeof method !== 'string' || typeof url !== 'string') {
    throw new Refusal(400, 'required', 'Every entry needs a request with method and url');
  }
  const request = { method, ...addressOf(url), resource: raw?.resource, ifMatch, ifNoneMatch, ifNoneExist };
  return { fullUrl: raw?.fullUrl, request };
}

/** The answer to one entry; only reads carry their resource back. */
export function responseEntry(
  records: Records,
  method: string,
  { status, headers = {}, body }: Answer,
): object {
  const failed = status >= 400;
  const place = headers['location']?.slice(records.base.length + 1);
  const modified = (body as AnyResource | undefined)?.meta?.lastUpdated;
  return {
    ...(method === 'GET' && !failed && body ? { resource: body } : {}),
    response: {
      status: `${status} ${STATUS_CODES[status]}`,
      ...(place ? { location: place } : {}),
      ...(headers['etag'] ? { etag: headers['etag'] } : {}),
      ...(place && modified ? { lastModified: modified } : {}),
      ...(failed && body ? { outcome: body } : {}),
    },
  };
}
