/** Words of the consent room: who asks, for what, and what was decided. */
import type { BusinessKey } from '../fhir/key.ts';
import type { Coding, Consent } from '../fhir/types.ts';

/**
 * Who would receive: the keys of the person, offer and organisation together. `name` is shown to people. `careTeam`:
 * works in the sender's own establishment, whose care team shares what the patient does not oppose (CSP L.1110-12).
 */
export type ConsentRecipient = { name: string; keys: readonly BusinessKey[]; careTeam?: boolean };

/** Which agreement is needed for what: `mappings/exchange/consent.yaml`. */
export type ConsentRules = {
  purpose: Coding;
  /** Categories of a consent that was given before, as sharing outside the care team needs (CSP L.1110-4 III). */
  prior: readonly Coding[];
  /** Categories that are enough inside the care team. */
  nonOpposition: readonly Coding[];
  /** Content that a consent must name (`provision.code`) before it leaves. */
  sensitive: readonly { name: string; types: readonly Coding[] }[];
};

export type ConsentQuestion = {
  consents: readonly Consent[];
  /** Reference that `Consent.patient.reference` must equal, e.g. `Patient/…` or the urn of a Bundle entry. */
  patient: string;
  recipient: ConsentRecipient;
  rules: ConsentRules;
  /** Types of what would leave (`DocumentReference.type`). */
  content: readonly Coding[];
  now: Date;
};

/** `reason` says in French why not, `obtain` what would have to be obtained; neither names the patient. */
export type ConsentDecision =
  { permit: true; consentId: string | undefined } | { permit: false; reason: string; obtain: string };
