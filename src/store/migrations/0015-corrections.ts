/** Corrections that nobody has taken note of, without reading every ledger. */
export const corrections = `
create index referral_event_corrected on referral_event (tenant, referral_id)
  where kind in ('document-corrected', 'correction-acknowledged');
`;
