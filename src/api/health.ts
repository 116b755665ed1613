/** `/health/live` and `/health/ready`: alive is not ready (P-41). */
import { type RequestHandler, Router } from 'express';
import type { Readiness } from './types.ts';

/** Paths below `/health`. */
export function healthRouter(readiness: Readiness): Router {
  const router = Router();
  router.get('/live', (_request, response) => void response.json({ status: 'ok' }));
  router.get('/ready', ready(readiness));
  return router;
}

/** 200 once migrations, profiles and the first look at every server are done; 503 before, with what is missing. */
function ready(readiness: Readiness): RequestHandler {
  return async (_request, response) => {
    const { ready: all, checks } = await readiness().catch(() => ({ ready: false, checks: [] }));
    response.status(all ? 200 : 503).json({ status: all ? 'ready' : 'starting', checks });
  };
}
