/** Refusals of what is asked about subscriptions, as the one error of the edges. */
import { GatewayError } from '../fhir/error.ts';
import type { IssueCode } from '../fhir/issue.ts';

/** Well-formed but not done here (422), at an element. */
export function refuse(message: string, expression: string, code: IssueCode = 'not-supported'): GatewayError {
  return new GatewayError({
    ...{ category: 'unprocessable', side: 'sender', message },
    issues: [{ severity: 'error', code, message, expression }],
  });
}

/** Not there, or another client's: the words are the same for both. */
export function unknownSubscription(): GatewayError {
  return new GatewayError({
    category: 'not-found',
    side: 'sender',
    message: 'Abonnement inconnu de la passerelle.',
  });
}
