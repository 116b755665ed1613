/** Several performers may be asked for one referral, or none yet: a row each, and what was accepted, ready to be relayed. */
export const candidates = `
create table referral_candidate (
  tenant text not null, referral_id text not null, n integer not null,
  performer jsonb not null, name text not null, network_id text not null, protocol text,
  server_id text not null, state text not null, task_id text, added_at timestamptz not null,
  primary key (tenant, referral_id, n));

-- Entries of the relay as they were accepted, with the keys of the first candidate.
create table referral_content (
  tenant text not null, referral_id text not null, entries jsonb not null,
  primary key (tenant, referral_id));

alter table referral alter column fulfiller_server drop not null;
alter table referral add column candidate integer;
update referral set candidate = 1;
insert into referral_candidate
  select tenant, id, 1, '{}', '', network_id, null, fulfiller_server, state, null, accepted_at from referral;
`;
