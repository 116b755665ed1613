/** What planning from stored hashes, rolling back and holding a network in an earlier state need. */
export const publication = `
-- How a resource stood beside its body (class, in use or not, who needs it): before a run, and as the run wants it.
alter table run_change add column before_state jsonb, add column after_state jsonb;

-- From which source, day and program the desired rows of a network were made: the same again need not be mapped again.
create table desired_network (
  tenant text not null, network_id text not null, source_hash text not null, basis text not null,
  issues jsonb not null default '[]',
  primary key (tenant, network_id));

-- A network that a person rolled back stays in its earlier state until its file changes or it is released.
create table hold (
  tenant text not null, network_id text not null, run_id text not null, before_run text not null,
  source_hash text, held_at timestamptz not null,
  primary key (tenant, network_id));

-- What a held network wants at each server.
create table held (
  tenant text not null, server_id text not null, network_id text not null, type text not null, key text not null,
  class text not null check (class in ('owned', 'directory-copy')), hash text not null, body jsonb not null,
  primary key (tenant, server_id, network_id, type, key));

-- Bodies are read only for what differs: they stand apart from what is compared.
alter table desired set (toast_tuple_target = 512);
alter table deployed set (toast_tuple_target = 512);
alter table held set (toast_tuple_target = 512);
`;
