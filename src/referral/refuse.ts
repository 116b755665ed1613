/** Refusals of a request, as the one error of the edges. */
import { type Category, GatewayError } from '../fhir/error.ts';
import type { Issue, IssueCode } from '../fhir/issue.ts';
import type { Refusal } from './machine-refusals.ts';

/** Well-formed but refused by a rule (422), with every issue found. */
export function refused(issues: readonly Issue[], category: Category = 'unprocessable'): GatewayError {
  const message = issues[0]?.message ?? 'Demande refusée.';
  return new GatewayError({ category, side: 'sender', message, issues });
}

/** One refusal with the element it concerns. */
export function refusal(
  message: string,
  expression?: string,
  code: IssueCode = 'business-rule',
): GatewayError {
  return refused([{ severity: 'error', code, message, ...(expression ? { expression } : {}) }]);
}

/** The caller's role does not include this. */
export function notAllowed(message: string): GatewayError {
  return new GatewayError({ category: 'forbidden', side: 'sender', message });
}

/** Unknown, or not this caller's business: the answer is the same for both. */
export function notFound(message: string): GatewayError {
  return new GatewayError({ category: 'not-found', side: 'sender', message });
}

/** The same business identifier with other content. */
export function duplicate(message: string): GatewayError {
  return new GatewayError({ category: 'duplicate', side: 'sender', message });
}

/** A refusal of the state machine (422): why, whose fault, what to do instead. */
export function refusedMove({ refused: message, side, next }: Refusal, expression: string): GatewayError {
  const issue: Issue = { severity: 'error', code: 'business-rule', message, expression };
  return new GatewayError({
    ...{ category: 'unprocessable', side, message: `${message} ${next}` },
    issues: [{ ...issue, remedy: { side, next } }],
  });
}

/** The version named by If-Match is no longer the current one. */
export function stale(): GatewayError {
  const message = 'La ressource a changé depuis la version indiquée : relisez-la, puis recommencez.';
  return new GatewayError({ category: 'conflict', side: 'sender', message });
}
