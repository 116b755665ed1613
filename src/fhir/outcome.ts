/**
 * The one place where categories become HTTP status codes and OperationOutcomes (FHIR R4 §3.1.0.1, CORE-10).
 * Nothing of the request is echoed: an OperationOutcome never holds patient data.
 */
import { type Category, GatewayError, isGatewayError, type Side } from './error.ts';
import { formatPosition, hasErrors, type Issue, type IssueCode } from './issue.ts';
import { nextStepOf } from './next-step.ts';
import type { OperationOutcome, OperationOutcomeIssue } from './types.ts';

const table: Record<Category, { status: number; code: IssueCode }> = {
  invalid: { status: 400, code: 'invalid' },
  unprocessable: { status: 422, code: 'business-rule' },
  unauthenticated: { status: 401, code: 'login' },
  forbidden: { status: 403, code: 'forbidden' },
  'not-found': { status: 404, code: 'not-found' },
  gone: { status: 410, code: 'deleted' },
  conflict: { status: 412, code: 'conflict' },
  duplicate: { status: 409, code: 'duplicate' },
  ambiguous: { status: 412, code: 'multiple-matches' },
  'too-large': { status: 413, code: 'too-long' },
  'not-supported': { status: 405, code: 'not-supported' },
  'media-type': { status: 415, code: 'not-supported' },
  'not-acceptable': { status: 406, code: 'not-supported' },
  throttled: { status: 429, code: 'throttled' },
  timeout: { status: 504, code: 'timeout' },
  'unknown-outcome': { status: 502, code: 'transient' },
  unavailable: { status: 503, code: 'transient' },
  fault: { status: 500, code: 'exception' },
};

const sides: Readonly<Record<Side, string>> = {
  sender: 'la demande reçue',
  gateway: 'la passerelle',
  server: 'le serveur de l’hôpital',
  directory: 'l’annuaire',
};

/** HTTP status of a category. */
export function statusOf(category: Category): number {
  return table[category].status;
}

/**
 * One `OperationOutcome.issue`; the source position, whose fault it is and what to do go to diagnostics because R4 has
 * no element for them.
 */
export function outcomeIssue(issue: Issue): OperationOutcomeIssue {
  const { source, remedy } = issue;
  return {
    severity: issue.severity,
    code: issue.code,
    details: { text: issue.message },
    ...(source ? { diagnostics: formatPosition(source) } : {}),
    ...(remedy ? { diagnostics: `Origine : ${sides[remedy.side]}. À faire : ${remedy.next}` } : {}),
    ...(issue.expression ? { expression: [issue.expression] } : {}),
  };
}

/** An OperationOutcome of issues; an empty list says that all is well (an outcome needs one issue). */
export function outcomeOf(issues: readonly Issue[]): OperationOutcome {
  const all: readonly Issue[] = issues.length
    ? issues
    : [{ severity: 'information', code: 'informational', message: 'Aucune anomalie.' }];
  return { resourceType: 'OperationOutcome', issue: all.map(outcomeIssue) };
}

/** Anything thrown, as a GatewayError: what we did not foresee is a fault of ours, its text stays in the log. */
export function asGatewayError(error: unknown): GatewayError {
  if (isGatewayError(error)) return error;
  return new GatewayError({
    category: 'fault',
    side: 'gateway',
    message: 'Erreur interne de la passerelle : voir son journal.',
    cause: error,
  });
}

/** Status and body that answer a failed request: each issue says whose fault it is and what to do. */
export function answerOf(error: unknown): {
  status: number;
  outcome: OperationOutcome;
  retryAfterS?: number;
} {
  const known = asGatewayError(error);
  const head: Issue = {
    severity: known.category === 'fault' ? 'fatal' : 'error',
    code: table[known.category].code,
    message: known.message,
  };
  const remedy = { side: known.side, next: nextStepOf(known.category) };
  const told = (known.issues.length ? known.issues : [head]).map((one) =>
    hasErrors([one]) ? { remedy, ...one } : one,
  );
  return {
    status: statusOf(known.category),
    outcome: outcomeOf(told),
    ...(known.retryAfterMs === undefined ? {} : { retryAfterS: Math.ceil(known.retryAfterMs / 1000) }),
  };
}
