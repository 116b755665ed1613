/** The held directory's tables as kysely sees them. */
import type { ColumnType, Generated } from 'kysely';
import type { Json } from '../fhir/types.ts';
import type { At, JsonColumn, MaybeAt } from './schema-columns.ts';

export type DirectorySourceRow = {
  id: string;
  kind: string;
  rank: number;
  cursor: ColumnType<Json, string | null | undefined, string | null>;
  as_of: MaybeAt;
  last_run: number | null;
  last_full_run: number | null;
  last_full_at: MaybeAt;
  offered: Generated<boolean>;
};

export type DirectoryRunStatus =
  'reading' | 'planned' | 'braked' | 'applied' | 'failed' | 'abandoned' | 'undone';

export type DirectoryRunRow = {
  id: ColumnType<number, never, never>;
  source: string;
  mode: 'full' | 'delta' | 'rollback';
  status: DirectoryRunStatus;
  actor: string;
  started_at: At;
  finished_at: MaybeAt;
  as_of: MaybeAt;
  complete: Generated<boolean>;
  summary: ColumnType<Json, string | undefined, string>;
  report: ColumnType<Json, string | null | undefined, string | null>;
};

export type DirectoryPageRow = {
  run: number;
  seq: number;
  checkpoint: JsonColumn<Json>;
  digest: string;
  rows: number;
  tally: ColumnType<Json, string | undefined, string>;
  issues: ColumnType<Json, string | undefined, string>;
  seen: Buffer | null;
};

/** What is held and what is staged have in common. Keys and links are short (src/directory/keys.ts). */
type DirectoryFacts = {
  kind: string;
  key: string;
  state: string;
  hash: Buffer;
  form: string;
  content: string | null;
  practitioner: string | null;
  organization: string | null;
  part_of: string | null;
  remote_id: string | null;
  remote_version: string | null;
  identifiers: string[] | null;
  name: string | null;
  profession: string | null;
  codes: string[] | null;
  commune: string | null;
  lat: number | null;
  lon: number | null;
};

export type DirectoryRecordRow = DirectoryFacts & {
  source: string;
  missed: Generated<number>;
  succeeds: string | null;
  created_run: number;
  changed_run: number;
};

export type DirectoryStageRow = DirectoryFacts & {
  run: number;
  verdict: string | null;
  succeeds: string | null;
};

export type DirectoryHistoryRow = {
  run: number;
  source: string;
  kind: string;
  key: string;
  op: 'changed' | 'closed' | 'vanished' | 'reopened' | 'removed';
  before: JsonColumn<Json>;
};

/** What a role is found by that does not say it itself: of its practitioner and its organisation. */
export type DirectoryOfferRow = {
  source: string;
  key: string;
  profession: string;
  commune: string;
  codes: string[] | null;
  practitioner: string | null;
  organization: string | null;
};

export type DirectoryPlaceRow = { commune: string; lat: number; lon: number; establishments: number };

export type DirectoryMatchRow = {
  tenant: string;
  network_id: string;
  item: string;
  kind: string;
  key: string;
  decision: 'accepted' | 'refused';
  rule_version: string;
  actor: string;
  decided_at: At;
  undone_at: MaybeAt;
  reasons: JsonColumn<Json>;
};

/** Its tables. */
export type DirectoryTables = {
  directory_source: DirectorySourceRow;
  directory_run: DirectoryRunRow;
  directory_page: DirectoryPageRow;
  directory_record: DirectoryRecordRow;
  directory_stage: DirectoryStageRow;
  directory_history: DirectoryHistoryRow;
  directory_offer: DirectoryOfferRow;
  directory_place: DirectoryPlaceRow;
  directory_match: DirectoryMatchRow;
};
