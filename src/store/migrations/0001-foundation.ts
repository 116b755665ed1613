/** Tables of the spine. Every network or clinical row starts its key with the tenant (rule 7); reference data has none. */
export const foundation = `
create table network (
  tenant text not null, id text not null, version integer not null,
  kind text not null, name text not null,
  source text not null, source_file text not null, source_hash text not null, loaded_at timestamptz not null,
  primary key (tenant, id, version));

-- What the networks say: one row a resource and network, bodies in normal form.
create table desired (
  tenant text not null, network_id text not null, key text not null, type text not null,
  class text not null check (class in ('owned', 'directory-copy')),
  hash text not null, body jsonb not null, origin jsonb not null,
  primary key (tenant, network_id, type, key));

-- (server, key) → the resource there: ours or the server's own. Publication and clinical exchange both use it.
create table reference (
  tenant text not null, server_id text not null, type text not null, key text not null,
  local_id text not null, version_id text, last_updated timestamptz, ours boolean not null,
  primary key (tenant, server_id, type, key));
create index reference_local on reference (tenant, server_id, type, local_id);

-- What we last wrote by publication, with its owner; ownership of a resource is this row and nothing else.
create table deployed (
  tenant text not null, server_id text not null, type text not null, key text not null,
  class text not null check (class in ('owned', 'directory-copy', 'adopted')),
  hash text not null, body jsonb not null, active boolean not null, networks text[] not null,
  run_id text not null, deployed_at timestamptz not null,
  primary key (tenant, server_id, type, key));

create table run (
  tenant text not null, id text not null, kind text not null, actor text not null,
  status text not null, started_at timestamptz not null, finished_at timestamptz,
  summary jsonb not null default '{}',
  primary key (tenant, id));

create table run_change (
  tenant text not null, run_id text not null, server_id text not null, type text not null, key text not null,
  op text not null, before jsonb, after jsonb,
  primary key (tenant, run_id, server_id, type, key));

create table outbox (
  tenant text not null, id bigint generated always as identity,
  lane text not null check (lane in ('publication', 'clinical')),
  server_id text not null, subject text not null, kind text not null, payload jsonb not null,
  state text not null default 'queued'
    check (state in ('queued', 'sending', 'delivered', 'parked', 'superseded')),
  attempts integer not null default 0, due_at timestamptz not null, deadline timestamptz not null,
  lease_owner text, lease_until timestamptz, fence bigint not null default 0,
  reason jsonb, run_id text, referral_id text,
  created_at timestamptz not null, finished_at timestamptz,
  primary key (tenant, id));
create index outbox_open on outbox (server_id, subject, id) where state in ('queued', 'sending', 'parked');
create index outbox_run on outbox (tenant, run_id) where run_id is not null;
create index outbox_referral on outbox (tenant, referral_id) where referral_id is not null;

create table receipt (
  tenant text not null, outbox_id bigint not null, type text not null, key text not null,
  server_id text not null, local_id text not null, version_id text, last_updated timestamptz,
  status text not null, received_at timestamptz not null,
  primary key (tenant, outbox_id, type, key));

create table finding (
  tenant text not null, server_id text not null, type text not null, key text not null, kind text not null,
  severity text not null, state text not null check (state in ('open', 'repaired', 'tolerated', 'gone')),
  detail jsonb not null, first_seen timestamptz not null, last_seen timestamptz not null, run_id text not null,
  primary key (tenant, server_id, type, key, kind));

-- What /fhir serves: every version of what hospitals sent and what the gateway made of it.
create table clinical_version (
  tenant text not null, type text not null, id text not null, version integer not null,
  last_updated timestamptz not null, body jsonb not null, current boolean not null,
  primary key (tenant, type, id, version));
create unique index clinical_current on clinical_version (tenant, type, id) where current;
create index clinical_changed on clinical_version (tenant, type, last_updated);
create index clinical_identifier on clinical_version using gin ((body -> 'identifier') jsonb_path_ops) where current;

create table referral (
  tenant text not null, id text not null, network_id text not null, state text not null,
  order_key text not null, content_hash text not null,
  placer_client text not null, placer_server text, fulfiller_server text not null,
  patient_id text not null, order_id text not null, task_id text not null, care_plan_id text,
  accepted_at timestamptz not null, closed_at timestamptz,
  primary key (tenant, id));
create unique index referral_order on referral (tenant, placer_client, order_key);

-- The ledger: what happened to a referral, in order, never rewritten.
create table referral_event (
  tenant text not null, referral_id text not null, seq integer not null,
  at timestamptz not null, kind text not null, actor text not null, detail jsonb not null default '{}',
  primary key (tenant, referral_id, seq));

-- One answer for one request, however often it is posted.
create table intake (
  tenant text not null, client_id text not null, key text not null, content_hash text not null,
  status integer not null, response jsonb not null, received_at timestamptz not null,
  primary key (tenant, client_id, key));

create table document (
  tenant text not null, id text not null, referral_id text not null, key text not null,
  status text not null, content_type text not null, bytes bytea not null,
  size integer not null, sha1 text not null, sha256 text not null, detail jsonb not null,
  created_at timestamptz not null,
  primary key (tenant, id));
create unique index document_key on document (tenant, key);

create table audit (
  tenant text not null, id bigint generated always as identity,
  at timestamptz not null, actor text not null, action text not null, outcome text not null,
  request_id text not null, entity jsonb not null default '{}',
  primary key (tenant, id));

create table job (
  name text primary key, cron text not null, zone text not null,
  paused boolean not null default false, known_since timestamptz not null);

create table occasion (
  job text not null, at timestamptz not null,
  state text not null check (state in ('running', 'done', 'failed', 'missed')),
  owner text not null, fence bigint not null, started_at timestamptz not null, finished_at timestamptz,
  result jsonb not null default '{}',
  primary key (job, at));

create table lease (
  name text primary key, owner text not null, fence bigint not null, until timestamptz not null);

create table server_probe (
  server_id text primary key, at timestamptz not null, ok boolean not null,
  capability jsonb, message text);

create table setting (name text primary key, value jsonb not null);
`;
