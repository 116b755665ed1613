/** Words of findings between networks and the directory. */
import type { BusinessKey } from '../../fhir/key.ts';

export type FindingKind =
  | 'closed'
  | 'vanished'
  | 'moved'
  | 'street-moved'
  | 'practice-moved'
  | 'unknown-identifier'
  | 'other-name'
  | 'duplicate'
  | 'role-missing'
  | 'contradicts-decision'
  | 'other-share';

/** One thing that a person has to look at; `key` names the network's resource. */
export type DirectoryFinding = {
  kind: FindingKind;
  network: string;
  type: string;
  key: BusinessKey;
  name: string;
  /** `file:line`. */
  place?: string;
  /** What the network says, and what the directory would have. */
  wrong?: string;
  proposed?: string;
  /** The record concerned. */
  record?: { key: BusinessKey; source: string };
};

/** `mappings/exchange/findings.yaml`. */
export type FindingRules = {
  systems: Readonly<Record<'theme' | 'action' | 'status', string>>;
  states: Readonly<Record<string, string>>;
  kinds: Readonly<
    Record<FindingKind, { theme: string; action: string; severity: string; expression: string; text: string }>
  >;
};
