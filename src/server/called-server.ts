import type { Caller } from './caller.ts';

/** A server as its interactions see it: who it is and how to call it. */
export type CalledServer = { id: string; base: string; call: Caller };
