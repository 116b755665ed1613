/** Audit rows of the edge: what was read, and every refusal (P-39). Writes are recorded by the room that does them. */
import type { Response } from 'express';
import type { Clock } from '../clock.ts';
import { errorFields, type Log } from '../log.ts';
import type { Store } from '../store/store.ts';
import { busy, edgeOf } from './edge-context.ts';

export type Recorder = {
  /** Records an act that was done; throws when it cannot, so that nothing is shown unrecorded. */
  done(response: Response): Promise<void>;
  /** Records a refusal or a failure with the status it is answered; never throws, the answer is a refusal anyway. */
  refused(response: Response, status: number): Promise<void>;
};

/** `tenant` takes the refusals of callers that nobody knows. */
export function createRecorder(
  audit: Pick<Store, 'audit'>['audit'],
  clock: Clock,
  log: Log,
  tenant: string,
): Recorder {
  const add = (response: Response, outcome: 'done' | 'refused', status?: number): Promise<void> => {
    const { caller, requestId, action, entity } = edgeOf(response);
    return audit.add({
      tenant: caller?.tenant ?? tenant,
      at: new Date(clock.now()),
      actor: caller?.client ?? 'anonymous',
      action,
      outcome,
      requestId,
      entity: status === undefined ? entity : { ...entity, status },
    });
  };
  return {
    done: (response) => add(response, 'done'),
    refused: async (response, status) => {
      // Pressure is counted in the metrics: a row for each refusal would only add to it.
      if (edgeOf(response).action === busy) return;
      try {
        await add(response, 'refused', status);
      } catch (error) {
        log.error('api.audit-lost', { ...errorFields(error), request: edgeOf(response).requestId, status });
      }
    },
  };
}
