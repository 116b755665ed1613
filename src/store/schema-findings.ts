/** The tables of findings as kysely sees them. */
import type { ColumnType } from 'kysely';
import type { Json } from '../fhir/types.ts';

type At = ColumnType<Date, Date, Date>;
type MaybeAt = ColumnType<Date | null, Date | null | undefined, Date | null>;
/** jsonb: read as a value, written as JSON text, so that arrays are not mistaken for PostgreSQL arrays. */
type JsonColumn<T> = ColumnType<T, string, string>;

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
