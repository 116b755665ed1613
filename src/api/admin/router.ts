/** Paths of `/admin/v1`, described in schemas/admin-openapi.yaml; for clients with role admin and the folder's owner. */
import { type RequestHandler, Router } from 'express';
import type { Config } from '../../config.ts';
import { GatewayError } from '../../fhir/error.ts';
import type { Operations } from '../../operations.ts';
import type { Store } from '../../store/store.ts';
import { receiveObject } from '../body/intake.ts';
import { describe, loggableId, requestContextOf } from '../edge-context.ts';
import { requireRole } from '../fhir/edge.ts';
import { queryOf, unknownPath } from '../fhir/route.ts';
import type { Recorder } from '../recorder.ts';
import { createCallOperation, isOperation } from './call-operation.ts';
import { type ListFilter, lists, showReferral, showRunChanges } from './lists.ts';

export type AdminRouterParts = {
  config: Pick<Config, 'tenant' | 'limits'>;
  store: Pick<Store, 'findings' | 'networks' | 'outbox' | 'referrals' | 'runs'>;
  operations: Operations;
  recorder: Recorder;
  authenticate: RequestHandler;
};

/** The router to mount at `/admin/v1`. */
export function adminRouter(parts: AdminRouterParts): Router {
  const { config, store, recorder } = parts;
  const call = createCallOperation(parts.operations);
  const router = Router({ caseSensitive: true });

  /** Answers JSON once the act is recorded. */
  const answered =
    (work: (tenant: string, path: Record<string, string>, url: string) => Promise<unknown>): RequestHandler =>
    async (request, response) => {
      const { caller } = requestContextOf(response);
      const result = await work(caller.tenant, request.params as Record<string, string>, request.originalUrl);
      await recorder.done(response);
      response.json(result ?? null);
    };

  router.use(parts.authenticate);
  router.use((_request, response, next) => {
    requireRole(requestContextOf(response).caller, ['admin']);
    next();
  });

  router.post('/operations/:name', async (request, response) => {
    const { name } = request.params;
    describe(response, isOperation(name) ? `admin-${name}` : 'admin');
    requireDeploymentTenant(requestContextOf(response).caller.tenant, config.tenant);
    const { value } = await receiveObject(request, config.limits);
    const result = await call(name, value);
    await recorder.done(response);
    response.json(result ?? null);
  });

  for (const [name, list] of Object.entries(lists))
    router.get(
      `/${name}`,
      named(`admin-${name}`),
      answered((tenant, _path, url) => list(store, tenant, filterOf(url))),
    );
  router.get(
    '/referrals/:id',
    named('admin-referral'),
    answered((tenant, { id = '' }) => showReferral(store, tenant, id)),
  );
  router.get(
    '/runs/:id/changes',
    named('admin-run'),
    answered((tenant, { id = '' }) => showRunChanges(store, tenant, id)),
  );
  router.use(unknownPath);
  return router;
}

function named(action: string): RequestHandler {
  return (request, response, next) => {
    const { id } = request.params as { id?: string };
    describe(response, action, id !== undefined && loggableId(id) ? { id } : {});
    next();
  };
}

/** Operations act on the deployment's own tenant: an administrator of another has no business with them (rule 7). */
function requireDeploymentTenant(tenant: string, own: string): void {
  if (tenant === own) return;
  throw new GatewayError({
    category: 'forbidden',
    side: 'sender',
    message: 'Interdit à ce client : les opérations portent sur un autre locataire.',
  });
}

function filterOf(url: string): ListFilter {
  const query = queryOf(url);
  const [server, state] = [query.get('server'), query.get('state')];
  return { ...(server === null ? {} : { server }), ...(state === null ? {} : { state }) };
}
