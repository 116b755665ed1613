/** What was asked of a hospital's care circle of a patient, each time of a referral: for whom, and what became of it. */
export const careCircles = `
create table care_circle (
  tenant text not null, referral_id text not null, n integer not null, server_id text not null,
  members jsonb not null, state text not null, asked_at timestamptz not null,
  primary key (tenant, referral_id, n),
  foreign key (tenant, referral_id) references referral on delete cascade);
create index care_circle_waiting on care_circle (tenant, referral_id)
  where state in ('proposed', 'joining', 'several');
`;
