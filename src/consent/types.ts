/** Words of the consent room: who asks, for what, and what was decided. */
import type { BusinessKey } from '../fhir/key.ts';
import type { Coding, Consent } from '../fhir/types.ts';

/** Who would receive: the keys of the person, offer and organisation together. `name` is shown to people. */
export type ConsentRecipient = { name: string; keys: readonly BusinessKey[] };

export type ConsentQuestion = {
  consents: readonly Consent[];
  /** Reference that `Consent.patient.reference` must equal, e.g. `Patient/…` or the urn of a Bundle entry. */
  patient: string;
  recipient: ConsentRecipient;
  purpose: Coding;
  now: Date;
};

/** `reason` says in French why not, `obtain` what would have to be obtained; neither names the patient. */
export type ConsentDecision =
  { permit: true; consentId: string | undefined } | { permit: false; reason: string; obtain: string };
