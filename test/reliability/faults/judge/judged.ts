import type { Caller } from '../../../../src/demo/http.ts';

/** What is not as it must be, by what is wrong with it. */
export type Faults = { lost: string[]; duplicated: string[]; disordered: string[]; wrong: string[] };

export const noFaults = (): Faults => ({ lost: [], duplicated: [], disordered: [], wrong: [] });

/** Where a story is read: at both hospitals, nothing between, and at the gateway as its fulfiller reads it. */
export type Places = {
  psychiatrie: Caller;
  ville: Caller;
  gateway: Pick<Caller, 'all'>;
};
