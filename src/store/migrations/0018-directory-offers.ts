/** Profession and place of roles that do not say them themselves, so that a nearest-offer search reads one row a role. */
export const directoryOffers = `
-- Of its practitioner and its organisation, one row a profession; filled by the run that brings one of the three.
create table directory_offer (
  source text not null, key text not null, profession text not null, commune text not null, codes text[],
  practitioner text, organization text,
  primary key (source, key, profession));
create index directory_offer_place on directory_offer (profession, commune);
create index directory_offer_commune on directory_offer (commune);

-- Whether its roles were looked at whole; what was held before this table is, by the next run.
alter table directory_source add column offered boolean not null default false;
`;
