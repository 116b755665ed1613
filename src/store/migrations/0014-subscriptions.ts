/**
 * Subscriptions as resources, and every event of each (SUB-06: gaps are filled from here). Clients that the configuration
 * has told become subscriptions with their count; the start of a gateway gives them their content (subscription/configured.ts).
 */
export const subscriptions = `
create table subscription (
  tenant text not null, id text not null, client text not null, configured boolean not null,
  status text not null check (status in ('requested', 'active', 'off')),
  topic text not null, body jsonb not null, headers jsonb not null default '[]',
  heartbeat_s integer, end_at timestamptz, version integer not null default 1,
  activation integer not null default 1, events bigint not null default 0,
  told_at timestamptz not null, updated_at timestamptz not null,
  primary key (tenant, id));
create index subscription_topic on subscription (tenant, topic) where status <> 'off';
create index subscription_client on subscription (tenant, client);

create table subscription_event (
  tenant text not null, subscription_id text not null, n bigint not null, at timestamptz not null,
  referral_id text not null, focus_type text not null, focus_id text not null, version integer not null,
  primary key (tenant, subscription_id, n),
  foreign key (tenant, subscription_id) references subscription on delete cascade);
create index subscription_event_at on subscription_event (at);

insert into subscription (tenant, id, client, configured, status, topic, body, events, told_at, updated_at)
  select tenant, client, client, true, 'off', '', '{}', events, now(), now() from subscriber;
drop table subscriber;

insert into subscription_event
  select o.tenant, s.id, (o.payload #>> '{detail,event}')::bigint, (o.payload #>> '{detail,at}')::timestamptz,
    o.referral_id, 'Task', o.payload #>> '{detail,task}', 2
  from outbox o join subscription s on s.tenant = o.tenant and s.id = o.payload #>> '{detail,client}'
  where o.kind = 'notify-subscriber' and o.state in ('queued', 'sending', 'parked');
update outbox set kind = 'subscription', subject = 'subscription/' || (payload #>> '{detail,client}'),
  payload = jsonb_set(payload, '{detail}', jsonb_build_object('subscription', payload #>> '{detail,client}',
    'type', 'event-notification', 'event', payload #>> '{detail,event}', 'activation', 1))
  where kind = 'notify-subscriber' and state in ('queued', 'sending', 'parked');
`;
