/** Open referrals and what is overdue of them, without reading every ledger. */
export const clocks = `
create index referral_open on referral (tenant, id) where closed_at is null;
create index referral_event_overdue on referral_event (tenant, referral_id) where kind in ('overdue', 'overdue-ended');
`;
