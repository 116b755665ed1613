/** What the failures of `/fhir` and `/admin/v1` have in common, whatever form their answers take. */
import type { Response } from 'express';
import { GatewayError, isGatewayError } from '../fhir/error.ts';
import { asGatewayError } from '../fhir/outcome.ts';
import { errorFields, type Log } from '../log.ts';
import { edgeOf } from './edge-context.ts';

/** Every failure of the edge, once known. */
export type Failure = GatewayError;

/** What was thrown, as a GatewayError: express's own refusals (a path that is no UTF-8) are the sender's. */
export function knownFailure(thrown: unknown): Failure {
  if (isGatewayError(thrown)) return thrown;
  const status = (thrown as { status?: unknown } | undefined)?.status;
  if (typeof status === 'number' && status >= 400 && status < 500)
    return new GatewayError({ category: 'invalid', side: 'sender', message: 'Requête illisible.' });
  return asGatewayError(thrown);
}

/** Our own faults are logged with where they arose, never with their message. */
export function logFault(log: Log, response: Response, failure: Failure, thrown: unknown): void {
  if (failure.category !== 'fault') return;
  const { requestId, action } = edgeOf(response);
  log.error('api.fault', { ...errorFields(failure.cause ?? thrown), request: requestId, route: action });
}

/** `WWW-Authenticate` for 401 (RFC 9110 §11.6.1), `Retry-After` where the wait is known. */
export function setFailureHeaders(response: Response, status: number, retryAfterS: number | undefined): void {
  if (status === 401)
    response.set('WWW-Authenticate', [
      'Basic realm="passerelle", charset="UTF-8"',
      'Bearer realm="passerelle"',
    ]);
  if (retryAfterS !== undefined) response.set('Retry-After', String(retryAfterS));
}
