/** How many notifications each subscriber was given: the count of its subscription, without gaps (SUB-06). */
export const subscribers = `
create table subscriber (
  tenant text not null, client text not null, events bigint not null,
  primary key (tenant, client));
`;
