/** The tables of findings as kysely sees them. */
import type { Json } from '../fhir/types.ts';
import type { At, JsonColumn, MaybeAt } from './schema-columns.ts';

export type FindingRow = {
  tenant: string;
  server_id: string;
  type: string;
  key: string;
  kind: string;
  severity: string;
  state: 'open' | 'repaired' | 'tolerated' | 'gone';
  detail: JsonColumn<Json>;
  first_seen: At;
  last_seen: At;
  run_id: string;
};

export type FindingToleranceRow = {
  tenant: string;
  server_id: string;
  type: string;
  key: string;
  kind: string;
  reason: string;
  /** A day, `YYYY-MM-DD`: the last on which it holds. */
  until: string;
  actor: string;
  decided_at: At;
  undone_at: MaybeAt;
};
