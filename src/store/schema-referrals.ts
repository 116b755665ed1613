/** Tables of referrals, as kysely sees them (schema.ts). */
import type { ColumnType } from 'kysely';
import type { Json } from '../fhir/types.ts';
import type { At, JsonColumn, MaybeAt } from './schema-columns.ts';

type ReferralRow = {
  tenant: string;
  id: string;
  network_id: string;
  state: string;
  order_key: string;
  content_hash: string;
  placer_client: string;
  placer_server: string | null;
  /** Which of its candidates has it; null while none does. */
  candidate: number | null;
  fulfiller_server: string | null;
  patient_id: string;
  order_id: string;
  task_id: string;
  care_plan_id: string | null;
  accepted_at: At;
  closed_at: MaybeAt;
};

type ReferralEventRow = {
  tenant: string;
  referral_id: string;
  seq: number;
  at: At;
  kind: string;
  actor: string;
  detail: ColumnType<Json, string | undefined, never>;
};

type ReferralCandidateRow = {
  tenant: string;
  referral_id: string;
  n: number;
  performer: JsonColumn<Json>;
  name: string;
  network_id: string;
  protocol: string | null;
  server_id: string;
  state: string;
  task_id: string | null;
  added_at: At;
  seen_updated: MaybeAt;
  seen_at: MaybeAt;
};

type CareCircleRow = {
  tenant: string;
  referral_id: string;
  n: number;
  server_id: string;
  members: JsonColumn<Json>;
  state: string;
  asked_at: At;
};

type ReferralContentRow = { tenant: string; referral_id: string; entries: JsonColumn<Json> };

export type ReferralTables = {
  referral: ReferralRow;
  referral_candidate: ReferralCandidateRow;
  care_circle: CareCircleRow;
  referral_content: ReferralContentRow;
  referral_event: ReferralEventRow;
};
