/** The way of every FHIR request: is it in the table, may the caller, do it, record it, answer. */
import type { RequestHandler, Response } from 'express';
import { GatewayError } from '../../fhir/error.ts';
import type { Letter } from '../auth/scopes.ts';
import { requireJsonAccepted } from '../body/media.ts';
import { describe, loggableId, requestContextOf } from '../edge-context.ts';
import type { Recorder } from '../recorder.ts';
import { type Interaction, interactionsOf, readers, type TypeRow } from '../table.ts';
import type { AuditEntity, Role } from '../types.ts';
import { sendAnswer } from './answer.ts';
import { type FhirEdge, type FhirHandler, type FhirRequest, notFound, requireAccess } from './edge.ts';

/** What a route needs beside its handler. */
export type RouteRule = {
  action: Interaction | 'validate' | 'apply' | 'status' | 'events';
  letter: Letter;
  /** Who records the act when it is done: the edge for reads, the room behind for writes, in their transaction (P-39). */
  recordedBy: 'edge' | 'room';
};

/** An express handler for one kind of route; the type and the id stand in its path. */
export function fhirRoute(
  edge: FhirEdge,
  recorder: Recorder,
  rule: RouteRule,
  handler: FhirHandler,
): RequestHandler {
  return async (request, response) => {
    const row = edge.table.get(String(request.params['type']));
    const query = queryOf(request.originalUrl);
    describe(response, rule.action, row ? entityOf(row, request.params['id'], query) : {});
    if (!row) throw unknownType();
    requireStated(row, rule.action);
    if (row.type !== 'Binary')
      requireJsonAccepted(request.get('Accept'), query.get('_format'), unacceptable(row, rule));
    const context = requestContextOf(response);
    requireAccess(context.caller, row.type, rolesFor(row, rule.action), rule.letter);
    const asked: FhirRequest = { request, context, row, query };
    const answer = await handler(edge, asked);
    if (rule.recordedBy === 'edge') await recorder.done(response);
    sendAnswer(request, response, answer, edge.fhirBase());
  };
}

/** 405 for a known path with a method it does not have; 404 for a path that is nothing here. */
export function unsupported(edge: FhirEdge): RequestHandler {
  return (request, response) => {
    const row = edge.table.get(String(request.params['type']));
    describe(response, 'unknown', row ? { type: row.type } : {});
    throw row ? notStated(row) : unknownType();
  };
}

/** The answer for a path that has no meaning at all. */
export function unknownPath(_request: unknown, _response: Response): never {
  throw notFound();
}

/** The query of a URL, every repetition kept. */
export function queryOf(url: string): URLSearchParams {
  const mark = url.indexOf('?');
  return new URLSearchParams(mark === -1 ? '' : url.slice(mark + 1));
}

/** Types, our own ids and names of parameters we know: nothing that could be patient data (AUD-03). */
function entityOf(row: TypeRow, id: unknown, query: URLSearchParams): AuditEntity {
  const known = new Set([
    '_id',
    '_lastUpdated',
    '_since',
    '_count',
    '_cursor',
    ...row.search.map(({ name }) => name),
  ]);
  const names = [...new Set(query.keys())].filter((name) => known.has(name));
  return {
    type: row.type,
    ...(typeof id === 'string' && loggableId(id) ? { id } : {}),
    ...(names.length ? { parameters: names } : {}),
  };
}

/** ITI-90 of mCSD wants 400 where a resource of its Directory is retrieved in another format (MCSD-05). */
function unacceptable(row: TypeRow, { action }: RouteRule): 'invalid' | 'not-acceptable' {
  return row.directory && action === 'read' ? 'invalid' : 'not-acceptable';
}

function rolesFor(row: TypeRow, action: RouteRule['action']): readonly Role[] {
  if (action === 'create') return row.create ?? [];
  if (action === 'update') return row.update ?? [];
  if (action === 'delete') return row.remove ?? [];
  return readers;
}

function requireStated(row: TypeRow, action: RouteRule['action']): void {
  const only = operationTypes[action as keyof typeof operationTypes] as string | undefined;
  const stated = only === undefined ? action === 'validate' || isStated(row, action) : row.type === only;
  if (!stated) throw notStated(row);
}

/** Operations that one type has. */
const operationTypes = { apply: 'PlanDefinition', status: 'Subscription', events: 'Subscription' } as const;

function isStated(row: TypeRow, action: RouteRule['action']): boolean {
  return interactionsOf(row).some((stated) => stated === action);
}

function notStated(row: TypeRow): GatewayError {
  const stated = interactionsOf(row).join(', ') || 'aucune';
  return new GatewayError({
    category: 'not-supported',
    side: 'sender',
    message: `Interaction non prise en charge sur ${row.type}. Prises en charge : ${stated} (voir /fhir/metadata).`,
  });
}

function unknownType(): GatewayError {
  return new GatewayError({
    category: 'not-found',
    side: 'sender',
    message: 'Type de ressource non servi ici : voir /fhir/metadata.',
  });
}
