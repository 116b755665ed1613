/** Paths of `/fhir` (FHIR R4 §3.1.0): public discovery, then everything behind authentication. */
import { type RequestHandler, Router } from 'express';
import { smartConfiguration } from '../auth/discovery.ts';
import { describe, requestContextOf } from '../edge-context.ts';
import type { Recorder } from '../recorder.ts';
import type { FhirHandler } from './edge.ts';
import { sendAnswer, sendResource } from './answer.ts';
import { readBinary } from './binary.ts';
import { capabilityStatement } from './capability.ts';
import type { FhirEdge } from './edge.ts';
import { history } from './history.ts';
import { applyOperation, validateOperation } from './operations.ts';
import { read } from './read.ts';
import { fhirRoute, type RouteRule, unknownPath, unsupported } from './route.ts';
import { search, searchByPost } from './search.ts';
import { eventsOperation, statusOperation } from './subscription-operations.ts';
import { create, remove, transaction, update } from './write.ts';

export type FhirRouterParts = {
  edge: FhirEdge;
  recorder: Recorder;
  authenticate: RequestHandler;
  /** Makes large bodies wait for each other. */
  takeTurns: RequestHandler;
  version: string;
  since: Date;
  /** Public base of the gateway, without `/fhir`. */
  base: () => string;
};

/** The router to mount at `/fhir`. */
export function fhirRouter(parts: FhirRouterParts): Router {
  const { edge, recorder, authenticate, takeTurns, version, since, base } = parts;
  const router = Router({ caseSensitive: true });
  const route = (rule: RouteRule, handler: FhirHandler): RequestHandler =>
    fhirRoute(edge, recorder, rule, handler);
  const reading = (action: RouteRule['action'], letter: 'r' | 's', handler: FhirHandler): RequestHandler =>
    route({ action, letter, recordedBy: 'edge' }, handler);

  router.get('/metadata', (_request, response) => {
    describe(response, 'capabilities');
    const facts = { fhirBase: edge.fhirBase(), version, since };
    sendResource(response, 200, capabilityStatement(edge.table, facts));
  });
  router.get('/.well-known/smart-configuration', (_request, response) => {
    describe(response, 'discovery');
    response.json(smartConfiguration(base()));
  });
  router.use(authenticate, takeTurns);

  router.post('/', async (request, response) => {
    describe(response, 'transaction');
    const answer = await transaction(edge, request, requestContextOf(response));
    sendAnswer(request, response, answer, edge.fhirBase());
  });
  router.post('/:type/_search', reading('search-type', 's', searchByPost));
  router.post('/:type/$validate', reading('validate', 'r', validateOperation));
  router
    .route('/:type/:id/$apply')
    .get(reading('apply', 'r', applyOperation))
    .post(reading('apply', 'r', applyOperation));
  const statuses = reading('status', 's', statusOperation);
  router.route(['/:type/$status', '/:type/:id/$status']).get(statuses).post(statuses);
  const events = reading('events', 'r', eventsOperation);
  router.route('/:type/:id/$events').get(events).post(events);
  router.get('/:type/_history', reading('history-type', 's', history));
  router.get('/:type/:id/_history', reading('history-instance', 'r', history));
  router.get('/:type/:id/_history/:version', reading('vread', 'r', read));
  router.get('/:type/:id', reading('read', 'r', readOne));
  router.put('/:type/:id', route({ action: 'update', letter: 'u', recordedBy: 'room' }, update));
  router.delete('/:type/:id', route({ action: 'delete', letter: 'd', recordedBy: 'room' }, remove));
  router.get('/:type', reading('search-type', 's', search));
  router.post('/:type', route({ action: 'create', letter: 'c', recordedBy: 'room' }, create));
  router.all(['/:type', '/:type/*rest'], unsupported(edge));
  router.use(unknownPath);
  return router;
}

/** Bytes are not resources: they live elsewhere and have no versions. */
const readOne: FhirHandler = (edge, asked) =>
  asked.row.type === 'Binary' ? readBinary(edge, asked) : read(edge, asked);
