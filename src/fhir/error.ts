import type { Issue, Side } from './issue.ts';

export type { Side } from './issue.ts';

/** What went wrong, independent of any protocol; `fhir/outcome.ts` alone turns it into a status. */
export type Category =
  | 'invalid' // the content breaks a rule of FHIR or of a profile
  | 'unprocessable' // well-formed, but a business rule refuses it
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'gone'
  | 'conflict' // stale version or concurrent write: re-read, re-decide, retry (CORE-03)
  | 'duplicate' // the same business key with other content
  | 'ambiguous' // several matches where one was wanted
  | 'too-large'
  | 'not-supported'
  | 'media-type' // a content type or encoding we do not read
  | 'not-acceptable' // a content type we do not write
  | 'throttled'
  | 'timeout' // the deadline passed before the request was on its way: nothing happened
  | 'unknown-outcome' // the answer was lost: read back before retrying
  | 'unavailable'
  | 'fault'; // our own mistake

export type GatewayErrorOptions = {
  category: Category;
  side: Side;
  message: string;
  /** May the very same request succeed later? Default: by category. */
  retryable?: boolean;
  /** Milliseconds the other side asked us to wait (Retry-After). */
  retryAfterMs?: number;
  issues?: readonly Issue[];
  cause?: unknown;
};

const retryableCategories: ReadonlySet<Category> = new Set([
  'conflict',
  'throttled',
  'timeout',
  'unknown-outcome',
  'unavailable',
]);

/** The one error that edges throw. Its message never holds patient data. */
export class GatewayError extends Error {
  readonly category: Category;
  readonly side: Side;
  readonly retryable: boolean;
  readonly retryAfterMs: number | undefined;
  readonly issues: readonly Issue[];

  constructor(options: GatewayErrorOptions) {
    super(options.message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'GatewayError';
    this.category = options.category;
    this.side = options.side;
    this.retryable = options.retryable ?? retryableCategories.has(options.category);
    this.retryAfterMs = options.retryAfterMs;
    this.issues = options.issues ?? [];
  }
}

/** Guard that also holds across bundles and workers. */
export function isGatewayError(error: unknown): error is GatewayError {
  return error instanceof GatewayError;
}
