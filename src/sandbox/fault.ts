/** Ways in which a hospital can fail its callers, for hostile tests over real sockets. */

export type Fault =
  /** Answers late. */
  | { kind: 'delay'; ms: number }
  /** Answers this instead; nothing is carried out. */
  | { kind: 'answer'; status: number; headers?: Record<string, string>; body?: string }
  /** Carries the request out, then answers this. */
  | { kind: 'instead'; status: number; headers?: Record<string, string>; body?: string }
  /** Carries the request out and cuts its answer: `short` breaks off a declared length, `clean` hides the cut. */
  | { kind: 'truncate'; how: 'short' | 'clean' }
  /** Breaks the connection, before or after the request is carried out. */
  | { kind: 'reset'; when: 'before' | 'after' }
  /** Half-open: the connection stays and says nothing more, the request not carried out or carried out. */
  | { kind: 'silent'; when: 'before' | 'after' | 'mid-answer' };

/** What a hook gets to decide by; `path` is below the base, with its query. `index` counts requests from 0. */
export type SeenRequest = {
  method: string;
  path: string;
  headers: Record<string, unknown>;
  index: number;
  /** The body as text; empty when there is none. */
  readonly body: string;
};

/** Chooses how to fail a request; undefined: not at all. */
export type FaultHook = (request: SeenRequest) => Fault | undefined;
