/** Failures of `/admin/v1` as problem details (RFC 9457). */
import type { ErrorRequestHandler } from 'express';
import { canonicalBase } from '../../fhir/names.ts';
import { answerOf } from '../../fhir/outcome.ts';
import type { Issue } from '../../fhir/issue.ts';
import type { Log } from '../../log.ts';
import { edgeOf } from '../edge-context.ts';
import { type Failure, knownFailure, logFault, setFailureHeaders } from '../failure.ts';
import type { Recorder } from '../recorder.ts';

/** `type` is one URI a category; extension members are the request's id, whose fault it is, and the issues. */
export type Problem = {
  type: string;
  title: string;
  status: number;
  detail: string;
  requestId: string;
  side: Failure['side'];
  issues?: readonly Issue[];
};

/** Express's error handler for `/admin/v1`. */
export function adminFailure(recorder: Recorder, log: Log): ErrorRequestHandler {
  return async (thrown: unknown, _request, response, next) => {
    if (response.headersSent) return next(thrown);
    const failure = knownFailure(thrown);
    const { status, retryAfterS } = answerOf(failure);
    logFault(log, response, failure, thrown);
    await recorder.refused(response, status);
    setFailureHeaders(response, status, retryAfterS);
    const problem: Problem = {
      type: `${canonicalBase}/problem/${failure.category}`,
      title: titleOf(status),
      status,
      detail: failure.message,
      requestId: edgeOf(response).requestId,
      side: failure.side,
      ...(failure.issues.length ? { issues: failure.issues } : {}),
    };
    response.status(status).set('Content-Type', 'application/problem+json').end(JSON.stringify(problem));
  };
}

function titleOf(status: number): string {
  if (status === 401) return 'Authentification requise';
  if (status === 403) return 'Interdit';
  if (status === 404) return 'Introuvable';
  return status < 500 ? 'Demande refusée' : 'Échec de la passerelle ou d’un serveur';
}
