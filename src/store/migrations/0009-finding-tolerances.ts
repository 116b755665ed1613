/** What persons let stand of findings: with a reason, until a day; undone, never deleted. */
export const findingTolerances = `
create table finding_tolerance (
  tenant text not null, server_id text not null, type text not null, key text not null, kind text not null,
  reason text not null, until date not null, actor text not null, decided_at timestamptz not null, undone_at timestamptz,
  primary key (tenant, server_id, type, key, kind, decided_at));
`;
