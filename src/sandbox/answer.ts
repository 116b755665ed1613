/** What an interaction answers, before it becomes HTTP. */

/** `body` is a resource, raw bytes, or nothing. */
export type Answer = { status: number; headers?: Record<string, string>; body?: object | Buffer };

/** An interaction that the hospital refuses, with the OperationOutcome code that says why. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, text: string) {
    super(text);
    this.name = 'Refusal';
    this.status = status;
    this.code = code;
  }
}

/** The OperationOutcome of a refusal (FHIR R4 §2.28). */
export function outcome(code: string, text: string, severity: 'error' | 'information' = 'error'): object {
  return { resourceType: 'OperationOutcome', issue: [{ severity, code, diagnostics: text }] };
}

/** Any error as an answer; what was not foreseen says nothing of itself. */
export function refused(error: unknown): Answer {
  if (error instanceof Refusal) {
    return { status: error.status, body: outcome(error.code, error.message) };
  }
  return { status: 500, body: outcome('exception', 'Internal error') };
}
