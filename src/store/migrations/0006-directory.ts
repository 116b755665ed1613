/** The held directory: reference data without tenant, one row a record and source, and the runs that brought it. */
export const directory = `
create table directory_source (
  id text primary key, kind text not null, rank integer not null,
  -- what the next delta begins from, committed with the rows it covers (P-11); as_of: the source's own clock
  cursor jsonb, as_of timestamptz, last_run bigint, last_full_run bigint, last_full_at timestamptz);

create table directory_run (
  id bigint generated always as identity primary key,
  source text not null references directory_source (id),
  mode text not null check (mode in ('full', 'delta', 'rollback')),
  status text not null
    check (status in ('reading', 'planned', 'braked', 'applied', 'failed', 'abandoned', 'undone')),
  actor text not null, started_at timestamptz not null, finished_at timestamptz, as_of timestamptz,
  complete boolean not null default false,
  summary jsonb not null default '{}', report jsonb);
create index directory_run_source on directory_run (source, id);

-- One row a page read: where a killed run goes on, and the chain of what was read (digest: of the page's bytes).
create table directory_page (
  run bigint not null, seq integer not null, checkpoint jsonb not null, digest text not null,
  rows integer not null, tally jsonb not null default '{}', issues jsonb not null default '[]',
  -- beginnings (8 bytes) of the hashes of held records that it showed, until the run is compared
  seen bytea,
  primary key (run, seq));

-- keys are shortened by src/directory/keys.ts; hash: 16 bytes of the SHA-256 of what the source gave.
-- remote_id and remote_version are a cache of the source's own ids: never a key (P-1).
-- missed: complete runs in a row that did not show it. A source's rows are a partition of their own.
create table directory_record (
  source text not null, kind text not null, key text not null,
  state text not null, hash bytea not null, form text not null, content text,
  practitioner text, organization text, part_of text, remote_id text, remote_version text,
  identifiers text[], name text, profession text, codes text[], commune text, lat real, lon real,
  missed smallint not null default 0, succeeds text,
  created_run bigint not null, changed_run bigint not null,
  primary key (kind, key, source)) partition by list (source);
create index directory_record_practitioner on directory_record (practitioner) where practitioner is not null;
create index directory_record_organization on directory_record (organization) where organization is not null;
create index directory_record_part_of on directory_record (part_of) where part_of is not null;
create index directory_record_remote on directory_record (kind, remote_id) where remote_id is not null;
create index directory_record_identifiers on directory_record using gin (identifiers) where identifiers is not null;
create index directory_record_place on directory_record (profession, commune) where profession is not null;
create index directory_record_commune on directory_record (commune, kind) where commune is not null;
create index directory_record_changed on directory_record (changed_run);
create index directory_record_missed on directory_record (kind, key) where missed > 0;

-- What a run read that is new or other than what is held; a link by the source's own id is ?id until the run is applied.
-- state also: removed, missing, seen (missed before). verdict: what the comparison made of it.
create table directory_stage (
  run bigint not null, kind text not null, key text not null,
  state text not null, hash bytea not null, form text not null, content text,
  practitioner text, organization text, part_of text, remote_id text, remote_version text,
  identifiers text[], name text, profession text, codes text[], commune text, lat real, lon real,
  verdict text, succeeds text);
create index directory_stage_key on directory_stage (run, kind, key);

-- What a run changed, with the row as it stood before: undoing a run is putting these back. Rows that a run only
-- created are told by created_run and need no row here.
create table directory_history (
  run bigint not null, source text not null, kind text not null, key text not null,
  op text not null check (op in ('changed', 'closed', 'vanished', 'reopened', 'removed')), before jsonb not null,
  primary key (run, kind, key));
create index directory_history_record on directory_history (kind, key, source, run);

-- A commune's point, from the establishments in it.
create table directory_place (
  commune text primary key, lat real not null, lon real not null, establishments integer not null);

-- What a person decided about a proposed match; keyed on business identity, so that it survives rules and re-created ids.
create table directory_match (
  tenant text not null, network_id text not null, item text not null, kind text not null, key text not null,
  decision text not null check (decision in ('accepted', 'refused')),
  rule_version text not null, actor text not null, decided_at timestamptz not null, undone_at timestamptz,
  reasons jsonb not null default '[]',
  primary key (tenant, network_id, item, kind, key, decided_at));
`;
