/** Refusals of a request, as the one error of the edges. */
import { type Category, GatewayError } from '../fhir/error.ts';
import type { Issue, IssueCode } from '../fhir/issue.ts';

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
