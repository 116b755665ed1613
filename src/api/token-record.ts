/** Audit rows of the token endpoint: who was granted a token, and who was not. */
import type { Response } from 'express';
import type { TokenEndpointDependencies } from './auth/token-endpoint.ts';
import { scopesOf } from './auth/scopes.ts';
import { describe, edgeOf } from './edge-context.ts';
import type { Recorder } from './recorder.ts';

/** Records each attempt under the client once it is proven, as anonymous before. */
export function recordTokens(recorder: Recorder): TokenEndpointDependencies['record'] {
  return async (response: Response, { client, outcome }) => {
    describe(response, 'token', outcome === 'granted' ? {} : { error: outcome });
    if (client) {
      const { id, tenant, roles, server, actsFor = [] } = client;
      edgeOf(response).caller = { client: id, tenant, server, actsFor, roles, scopes: scopesOf(roles) };
    }
    await (outcome === 'granted' ? recorder.done(response) : recorder.refused(response, 401));
  };
}
