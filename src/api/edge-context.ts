/** What the edge knows of one request while it lasts: for the audit row, the log line and the counters. */
import type { Response } from 'express';
import type { AuditEntity, Caller, RequestContext } from './types.ts';

export type EdgeContext = {
  readonly requestId: string;
  readonly startedAt: number;
  caller: Caller | undefined;
  /** Fixed word for what is asked: an interaction, an operation, `token`; `unknown` until it is understood. */
  action: string;
  entity: AuditEntity;
};

/** Action of a request that was refused for lack of room, before anything of it was read. */
export const busy = 'busy';

const contexts = new WeakMap<Response, EdgeContext>();

/** Starts the context of a request. */
export function openContext(response: Response, requestId: string, startedAt: number): void {
  contexts.set(response, { requestId, startedAt, caller: undefined, action: 'unknown', entity: {} });
}

/** The context of a request that is under way. */
export function edgeOf(response: Response): EdgeContext {
  const context = contexts.get(response);
  if (!context) throw new Error('request without context');
  return context;
}

/** The context as handlers get it; only for routes behind authentication. */
export function requestContextOf(response: Response): RequestContext {
  const { caller, requestId } = edgeOf(response);
  if (!caller) throw new Error('request without caller');
  return { caller, requestId };
}

/** Says what is asked, as soon as it is understood. The entity holds types, ids of ours and names of parameters only. */
export function describe(response: Response, action: string, entity: AuditEntity = {}): void {
  Object.assign(edgeOf(response), { action, entity });
}

/** An id that can stand in logs and audit rows: ours or a UUID, never what a sender may have put in a path. */
export function loggableId(id: string): boolean {
  return /^(pas-)?[0-9a-f][0-9a-f-]{30,38}[0-9a-f]$/.test(id);
}
