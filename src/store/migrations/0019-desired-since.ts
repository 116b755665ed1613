/** Since when the networks say of a resource what they say: they are mapped again without a new file. */
export const desiredSince = `
create table desired_since (
  tenant text not null, network_id text not null, type text not null, key text not null,
  hash text not null, since timestamptz not null,
  primary key (tenant, network_id, type, key));
`;
