/** A hospital's FHIR server as the rest of the product sees it; test/contracts/fhir-server.ts holds every implementation to it. */
import type { GatewayError } from '../fhir/error.ts';
import type { AnyResource, CapabilityStatement } from '../fhir/types.ts';

/** One entry of a transaction. References in `resource` are what the server understands (`Type/id`, urn:uuid). */
export type TransactionEntry = {
  /** PATCH: `resource` is the Parameters of a FHIRPath Patch. */
  method: 'POST' | 'PUT' | 'PATCH';
  /** `Type` for POST, `Type/id` for PUT and PATCH. */
  url: string;
  resource: AnyResource;
  fullUrl?: string;
  /** Version id the resource must still have (sent as weak ETag). */
  ifMatch?: string;
  /** A PUT that creates: refused where the resource exists, so that a request that arrives late sets nothing back. */
  ifNoneMatch?: '*';
  /** Search (`identifier=system|value`) that must find nothing, else the match is answered (conditional create). */
  ifNoneExist?: string;
  /** Profile that the Bundle around it declares. */
  bundleProfile?: string;
};

/** What the server said of one entry: all the knowledge needed later. */
export type EntryReceipt = {
  type: string;
  localId: string;
  versionId: string | undefined;
  /** Instant, as the server gave it. */
  lastUpdated: string | undefined;
  /** HTTP status line of the entry, e.g. `201 Created`. */
  status: string;
};

/** Outcome of reading one resource by id. */
export type ReadResult =
  | { state: 'found'; resource: AnyResource; versionId: string | undefined }
  | { state: 'deleted' }
  | { state: 'missing' };

/** One of many that were read each for itself; `unread`: why this one cannot be. */
export type EachRead = ReadResult | { state: 'unread'; error: GatewayError };

/** What a server said of itself when asked, reduced to what we decide by. */
export type Probe = {
  software: string;
  fhirVersion: string;
  types: string[];
  interactions: { transaction: boolean; batch: boolean };
  capability: CapabilityStatement;
};

export type SearchParams = Record<string, string | string[]>;

/**
 * Every call throws a GatewayError (`side: 'server'` when the server is at fault) and nothing else.
 * `unknown-outcome` means that a write may or may not have happened: read back before retrying.
 */
export type FhirServer = {
  readonly id: string;
  readonly base: string;
  /** Reads `/metadata`; refuses anything but FHIR 4.0.x. */
  probe(): Promise<Probe>;
  read(type: string, id: string): Promise<ReadResult>;
  /** All matches, page by page, never from the server's search cache; includes are dropped. Bounded by `limit`. */
  search(type: string, params: SearchParams, limit?: number): AsyncIterable<AnyResource>;
  /** Many reads in one batch where the server can, one by one where it cannot; same order as asked. */
  readMany(ids: readonly { type: string; id: string }[]): Promise<ReadResult[]>;
  /** As `readMany`, but one that alone cannot be read does not keep the others: throws only when the server is away. */
  readEach(ids: readonly { type: string; id: string }[]): Promise<EachRead[]>;
  /** All or nothing, ≤ 64 entries; receipts in the order of the entries. */
  transaction(entries: readonly TransactionEntry[]): Promise<EntryReceipt[]>;
  /** One write by itself, for servers that take some things so alone (IHE MHD ITI-105). */
  writeAlone(entry: TransactionEntry): Promise<EntryReceipt>;
  /** One update under If-Match; for following and moving a Task. */
  update(resource: AnyResource & { id: string }, ifMatch?: string): Promise<EntryReceipt>;
  /** Raw bytes of a Binary, as stored there. */
  binary(id: string): Promise<{ contentType: string; bytes: Buffer }>;
  close(): Promise<void>;
};
