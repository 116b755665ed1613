/**
 * What a hand-over looks for, found without reading a backlog or a table: items by due time, leases, what belongs to a patient.
 * And a number that rises with every change of what networks want, so that it need not be read again to be known.
 */
export const pace = `
create index outbox_due on outbox (server_id, lane, due_at, id) where state = 'queued';
create index outbox_sending on outbox (server_id, lane) where state = 'sending';
create index outbox_deadline on outbox (deadline) where state = 'queued';
create index clinical_patient on clinical_version
  (tenant, type, (coalesce(body #>> '{subject,reference}', body #>> '{for,reference}', body #>> '{patient,reference}')))
  where current;
create table desired_revision (tenant text primary key, n bigint not null);
`;
