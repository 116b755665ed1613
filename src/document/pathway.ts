/** What documents need to know of the referral they answer; the referral's room provides it, the assembly joins them. */
import type { NewItem, WriteEntry } from '../delivery/types.ts';
import type { BusinessKey } from '../fhir/key.ts';
import type { AnyResource, Coding, Consent, Reference } from '../fhir/types.ts';
import type { Criterion } from './criteria.ts';
import type { Referral } from '../store/referrals.ts';
import type { Repositories } from '../store/store.ts';

/**
 * Somebody a document is for. `serverId` undefined: no configured server keeps their records. `careTeam`: of the establishment
 * that sends it, where not having opposed is enough.
 */
export type Recipient = {
  name: string;
  keys: BusinessKey[];
  serverId: string | undefined;
  careTeam: boolean;
};

/** In a transaction with its List (ITI-65), or as one DocumentReference with its content inside (ITI-105). */
export type Submitted = 'provided' | 'simplified';

/**
 * The step of a pathway that yields a document. `missing` are titles of steps to be done before it, `lacking` names of
 * documents that the file does not hold yet, `decides` the decisions that steps after it depend on.
 */
export type DocumentStep = {
  id: string;
  title: string;
  missing: string[];
  lacking: string[];
  decides: Coding[];
  /** What the teams that met before it declared as criteria. */
  criteria: Criterion[];
  done: boolean;
};

/**
 * `document`: the gateway's own DocumentReference of the newer one; `by`: the client that sent it; `newId`: a fresh id for
 * the work item of whoever is to take note.
 */
export type Correction = {
  document: AnyResource;
  documentId: string;
  code: 'replaces' | 'appends';
  by: string;
  newId: string;
};

/** Every function works inside the transaction it is given. */
export type Pathway = {
  /** The referral that an order identifier names, locked until the transaction ends. */
  find(tx: Repositories, tenant: string, orderKeys: readonly BusinessKey[]): Promise<Referral | undefined>;
  isInHand(referral: Referral): boolean;
  /** Has it ended with its documents, so that one of them may only be replaced or completed? */
  mayBeCorrected(referral: Referral): boolean;
  /** Told to whoever is to take note of a newer document; `code`: what it does to the earlier one. */
  corrected(tx: Repositories, referral: Referral, correction: Correction): Promise<void>;
  patientKeys(tx: Repositories, referral: Referral): Promise<BusinessKey[]>;
  documentStep(
    tx: Repositories,
    referral: Referral,
    types: readonly Coding[],
  ): Promise<DocumentStep | undefined>;
  recipients(
    tx: Repositories,
    referral: Referral,
    stepId: string,
  ): Promise<{ recipients: Recipient[]; unnamed: string[] }>;
  consents(tx: Repositories, referral: Referral): Promise<{ consents: Consent[]; patient: string }>;
  /** Under which keys the requester and whoever has the referral may be named. */
  parties(
    tx: Repositories,
    referral: Referral,
  ): Promise<{ requester: BusinessKey[]; fulfiller: BusinessKey[] }>;
  complete(
    tx: Repositories,
    referral: Referral,
    stepId: string,
    outcome: Reference,
    decisions: readonly Coding[],
  ): Promise<NewItem[]>;
  patientAt(
    tx: Repositories,
    referral: Referral,
  ): Promise<{ reference: { reference: string }; entries: WriteEntry[] }>;
  orderKeys(referral: Referral): { placer: BusinessKey; filler: BusinessKey };
  leaksIns(bundle: unknown, patient: AnyResource): boolean;
  /** How a server takes documents as submissions (IHE MHD); undefined: it takes resources as they are. */
  submissionsOf(serverId: string): Submitted | undefined;
  settle(tx: Repositories, tenant: string, referralId: string): Promise<boolean>;
};
