/** What is sent, and how its sending is told. Nothing reaches a server without an outbox item first. */
import type { BusinessKey } from '../fhir/key.ts';
import type { CodePatch } from '../fhir/patch.ts';
import type { AnyResource, Json } from '../fhir/types.ts';
import type { EntryReceipt } from '../server/types.ts';
import type { Repositories } from '../store/store.ts';

/**
 * One resource to write at a server. `body` holds references by business key, `attachment.url` too
 * (`Binary?identifier=…`); it is rendered when it is sent.
 */
export type WriteEntry = {
  type: string;
  key: BusinessKey;
  body: AnyResource;
  /** Version the server must still have; absent for a create. */
  ifMatch?: string;
  /** It was there and is gone: created anew, at its id where ids are ours, whatever the reference table remembers. */
  recreate?: true;
  /**
   * Created once, then the receiving side's to move on (a Task, identity.md "clinical exchange"): found under our key it
   * has arrived, whatever it says by now.
   */
  once?: true;
  /** Somebody's own resource there that becomes ours: written at its id, over this version of it. */
  adopts?: { localId: string; versionId?: string };
  /** Nobody could ask yet whether the server has it under another id: then it is somebody's own, and not written. */
  lookFirst?: true;
  /** Written only where the server has it: closing what may never have arrived must not create it. */
  ifThere?: true;
  /** A directory copy: its reference and deployed rows stand under the shared tenant (docs: shared-tenant.ts). */
  shared?: true;
  /**
   * Content hashes that the server may hold because we wrote them (what is deployed, what a superseded item may have
   * left): finding one of them is no change by somebody else, whatever its version.
   */
  mayHold?: string[];
  /** Profile that the transaction's Bundle declares: that of a submission of documents. */
  bundleProfile?: string;
  /** Of what is there only this changes; `body` is the whole as it should then be, for servers that take no patch. */
  patch?: CodePatch;
  /** Written by itself, not in a transaction (ITI-105); then it is the only entry of its item. */
  alone?: true;
  /** Bytes of a stored document that become `Binary.data`, or those of a DocumentReference's attachment, when the entry is rendered (never copied into the outbox). */
  documentId?: string;
};

/** Two kinds of traffic, never mixed (identity.md). */
export type Lane = 'publication' | 'clinical';

/** An outbox item before it is stored. Items of one (server, subject) are sent in order, one after the other. */
export type NewItem = {
  tenant: string;
  lane: Lane;
  serverId: string;
  /** Ordering key: the referral, or the server's publication. */
  subject: string;
  /** What the item is for, e.g. `relay-order`; effects are chosen by it. */
  kind: string;
  entries: WriteEntry[];
  runId?: string;
  referralId?: string;
  /** More that the effect needs when the item is delivered. */
  detail?: Json;
  /** Time to live in milliseconds; afterwards the item is parked with its last reason. */
  ttlMs?: number;
};

/** An item as claimed for sending. `fence` must still be the stored one when the outcome is recorded. */
export type ClaimedItem = Required<
  Pick<NewItem, 'tenant' | 'lane' | 'serverId' | 'subject' | 'kind' | 'entries'>
> & {
  id: number;
  attempts: number;
  /** Reason of the attempt before, as stored. */
  reason: Json;
  fence: number;
  deadline: Date;
  createdAt: Date;
  runId: string | null;
  referralId: string | null;
  detail: Json;
};

export type Receipt = EntryReceipt & { key: BusinessKey };

/** State change that a delivery causes; runs in the transaction that records the receipts. */
export type Effect = (tx: Repositories, item: ClaimedItem, receipts: readonly Receipt[]) => Promise<void>;

/**
 * Last look before an item of a kind is rendered, run outside any transaction at every attempt: answers the entries to
 * send (e.g. without the provisional Patient once the receiving server turns out to know the patient). What it decides
 * it records itself, so that a retry answers the same. What it throws counts as the outcome of the attempt.
 */
export type Prepare = (item: ClaimedItem) => Promise<WriteEntry[]>;
