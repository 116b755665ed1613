/** Occasions tell a run asked for by hand from a scheduled one, and how often a run was begun (taken over after a crash). */
export const occasions = `
alter table occasion
  add column manual boolean not null default false,
  add column attempt integer not null default 1;
create index occasion_running on occasion (job) where state = 'running';
`;
