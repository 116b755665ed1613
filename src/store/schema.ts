/** The tables as kysely sees them: column names are those of the migrations; numbers of type bigint arrive as number. */
import type { ColumnType, Generated } from 'kysely';
import type { Json } from '../fhir/types.ts';
import type { At, JsonColumn, MaybeAt } from './schema-columns.ts';
import type { DirectoryTables } from './schema-directory.ts';
import type { DocumentReaderRow, DocumentRow, ReferralFrameRow } from './schema-documents.ts';
import type { FindingRow, FindingToleranceRow } from './schema-findings.ts';
import type { ReferralTables } from './schema-referrals.ts';

export type NetworkRow = {
  tenant: string;
  id: string;
  version: number;
  kind: string;
  name: string;
  source: string;
  source_file: string;
  source_hash: string;
  loaded_at: At;
  content: ColumnType<Json, string | null | undefined, string | null>;
};

export type DesiredRow = {
  tenant: string;
  network_id: string;
  key: string;
  type: string;
  class: 'owned' | 'directory-copy';
  hash: string;
  body: JsonColumn<Record<string, unknown>>;
  origin: JsonColumn<Json>;
};

export type DesiredSinceRow = {
  tenant: string;
  network_id: string;
  type: string;
  key: string;
  hash: string;
  since: At;
};

export type ReferenceRow = {
  tenant: string;
  server_id: string;
  type: string;
  key: string;
  local_id: string;
  version_id: string | null;
  last_updated: MaybeAt;
  ours: boolean;
};

export type DeployedRow = {
  tenant: string;
  server_id: string;
  type: string;
  key: string;
  class: 'owned' | 'directory-copy' | 'adopted';
  hash: string;
  body: JsonColumn<Record<string, unknown>>;
  active: boolean;
  networks: string[];
  run_id: string;
  deployed_at: At;
};

export type RunRow = {
  tenant: string;
  id: string;
  kind: string;
  actor: string;
  status: string;
  started_at: At;
  finished_at: MaybeAt;
  summary: ColumnType<Json, string | undefined, string>;
};

export type RunChangeRow = {
  tenant: string;
  run_id: string;
  server_id: string;
  type: string;
  key: string;
  op: string;
  before: ColumnType<Json, string | null, string | null>;
  after: ColumnType<Json, string | null, string | null>;
  before_state: ColumnType<Json, string | null | undefined, string | null>;
  after_state: ColumnType<Json, string | null | undefined, string | null>;
};

export type DesiredNetworkRow = {
  tenant: string;
  network_id: string;
  source_hash: string;
  basis: string;
  issues: JsonColumn<Json>;
};

export type DesiredRevisionRow = { tenant: string; n: number };

export type HoldRow = {
  tenant: string;
  network_id: string;
  run_id: string;
  before_run: string;
  source_hash: string | null;
  held_at: At;
};

export type HeldRow = Omit<DesiredRow, 'origin'> & { server_id: string };

export type OutboxState = 'queued' | 'sending' | 'delivered' | 'parked' | 'superseded';

export type OutboxRow = {
  tenant: string;
  id: ColumnType<number, never, never>;
  lane: 'publication' | 'clinical';
  server_id: string;
  subject: string;
  kind: string;
  payload: JsonColumn<Json>;
  state: Generated<OutboxState>;
  attempts: Generated<number>;
  due_at: At;
  deadline: At;
  lease_owner: string | null;
  lease_until: MaybeAt;
  fence: Generated<number>;
  reason: ColumnType<Json, string | null | undefined, string | null>;
  run_id: string | null;
  referral_id: string | null;
  created_at: At;
  finished_at: MaybeAt;
};

export type ReceiptRow = {
  tenant: string;
  outbox_id: number;
  type: string;
  key: string;
  server_id: string;
  local_id: string;
  version_id: string | null;
  last_updated: MaybeAt;
  status: string;
  received_at: At;
};

export type ClinicalVersionRow = {
  tenant: string;
  type: string;
  id: string;
  version: number;
  last_updated: At;
  body: JsonColumn<Record<string, unknown>>;
  current: boolean;
};

export type IntakeRow = {
  tenant: string;
  client_id: string;
  key: string;
  content_hash: string;
  status: number;
  response: JsonColumn<Json>;
  received_at: At;
};

export type AuditRow = {
  tenant: string;
  id: ColumnType<number, never, never>;
  at: At;
  actor: string;
  action: string;
  outcome: string;
  request_id: string;
  entity: ColumnType<Json, string | undefined, never>;
};

export type JobRow = {
  name: string;
  cron: string;
  zone: string;
  paused: Generated<boolean>;
  known_since: At;
};

export type OccasionRow = {
  job: string;
  at: At;
  state: 'running' | 'done' | 'failed' | 'missed';
  owner: string;
  fence: number;
  manual: Generated<boolean>;
  attempt: Generated<number>;
  started_at: At;
  finished_at: MaybeAt;
  result: ColumnType<Json, string | undefined, string>;
};

export type LeaseRow = { name: string; owner: string; fence: number; until: At };

export type ServerProbeRow = {
  server_id: string;
  at: At;
  ok: boolean;
  capability: ColumnType<Json, string | null, string | null>;
  message: string | null;
};

export type AssertionRow = { client_id: string; jti_hash: string; until: At };

export type SettingRow = { name: string; value: JsonColumn<Json> };

/** All tables. */
export type Tables = DirectoryTables &
  ReferralTables & {
    network: NetworkRow;
    desired: DesiredRow;
    desired_network: DesiredNetworkRow;
    desired_since: DesiredSinceRow;
    desired_revision: DesiredRevisionRow;
    hold: HoldRow;
    held: HeldRow;
    reference: ReferenceRow;
    deployed: DeployedRow;
    run: RunRow;
    run_change: RunChangeRow;
    outbox: OutboxRow;
    receipt: ReceiptRow;
    finding: FindingRow;
    finding_tolerance: FindingToleranceRow;
    clinical_version: ClinicalVersionRow;
    intake: IntakeRow;
    document: DocumentRow;
    document_reader: DocumentReaderRow;
    referral_frame: ReferralFrameRow;
    audit: AuditRow;
    job: JobRow;
    occasion: OccasionRow;
    lease: LeaseRow;
    server_probe: ServerProbeRow;
    assertion: AssertionRow;
    setting: SettingRow;
  };
