/** Who may read which document: to whom it was addressed, who wrote it, and the teams in whose frame a referral stands. */
export const documentReaders = `
create table document_reader (
  tenant text not null, document_id text not null, who text not null,
  ground text not null check (ground in ('author', 'addressee')),
  primary key (tenant, document_id, who, ground));

create table referral_frame (
  tenant text not null, referral_id text not null, team text not null,
  primary key (tenant, referral_id, team));
create index referral_frame_team on referral_frame (tenant, team);

-- What arrived before: its author is whose referral it is, its addressees are the servers that it was queued for.
insert into document_reader
  select d.tenant, d.id, 'server|' || r.fulfiller_server, 'author'
  from document d join referral r on r.tenant = d.tenant and r.id = d.referral_id
  where d.status in ('preliminary', 'final') and r.fulfiller_server is not null
  union
  select e.tenant, e.detail ->> 'document', 'server|' || (e.detail ->> 'server'), 'addressee'
  from referral_event e
  where e.kind = 'queued' and e.detail ->> 'kind' = 'deliver-document'
    and e.detail ->> 'document' is not null and e.detail ->> 'server' is not null;
`;
