/** Event of the ledger that keeps the steps as they were when a plan began. */
export const planStarted = 'plan-started';
