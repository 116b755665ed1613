/** Which version of a candidate's Task was followed last, by its server's clock and by ours. */
export const candidateSeen = `
alter table referral_candidate add column seen_updated timestamptz, add column seen_at timestamptz;
`;
