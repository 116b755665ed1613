/** What each version of a network said, rows of its lists included: versions are compared by it. */
export const networkContent = `
alter table network add column content jsonb;
`;
