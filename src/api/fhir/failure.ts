/** The end of every failed request of `/fhir`: an OperationOutcome, an audit row, and our own faults in the log. */
import type { ErrorRequestHandler } from 'express';
import { answerOf } from '../../fhir/outcome.ts';
import type { Log } from '../../log.ts';
import { type Failure, knownFailure, logFault, setFailureHeaders } from '../failure.ts';
import type { Recorder } from '../recorder.ts';
import { sendResource } from './answer.ts';

/** Express's error handler for `/fhir` and for whatever has no place at all. */
export function fhirFailure(recorder: Recorder, log: Log): ErrorRequestHandler {
  return async (thrown: unknown, _request, response, next) => {
    if (response.headersSent) return next(thrown);
    const failure: Failure = knownFailure(thrown);
    const { status, outcome, retryAfterS } = answerOf(failure);
    logFault(log, response, failure, thrown);
    await recorder.refused(response, status);
    setFailureHeaders(response, status, retryAfterS);
    sendResource(response, status, outcome);
  };
}
