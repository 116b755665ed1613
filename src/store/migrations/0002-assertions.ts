/** Client assertions already used: whichever gateway took one, no other takes it again (SBS-04). */
export const assertions = `
create table assertion (
  client_id text not null, jti_hash text not null, until timestamptz not null,
  primary key (client_id, jti_hash));
create index assertion_until on assertion (until);
`;
