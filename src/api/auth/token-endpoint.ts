/** `POST /auth/token` of SMART Backend Services (SBS-03, SBS-05): a client assertion for a short-lived access token. */
import type { RequestHandler, Response } from 'express';
import type { ClientConfig } from '../../config.ts';
import { answerOf } from '../../fhir/outcome.ts';
import { receiveForm } from '../body/intake.ts';
import { type AccessTokens, accessTokenSeconds } from './access-tokens.ts';
import { type AssertionDependencies, verifyAssertion } from './assertion.ts';
import { grantScopes } from './scopes.ts';

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** Errors of OAuth 2.0 (RFC 6749 §5.2) with their status. */
const statuses = {
  invalid_request: 400,
  invalid_client: 401,
  invalid_scope: 400,
  unsupported_grant_type: 400,
} as const;
type OAuthError = keyof typeof statuses;

export type TokenEndpointDependencies = {
  clients: readonly ClientConfig[];
  tokens: AccessTokens;
  /** Looked at for each request: the gateway knows its address only once it listens. */
  assertions: () => AssertionDependencies;
  /** Told of each attempt, with the client once it is proven. */
  record: (
    response: Response,
    attempt: { client: ClientConfig | undefined; outcome: 'granted' | OAuthError },
  ) => Promise<void>;
};

/** Answers OAuth's JSON, not an OperationOutcome: its readers are OAuth libraries. */
export function tokenEndpoint(dependencies: TokenEndpointDependencies): RequestHandler {
  return async (request, response) => {
    response.set({ 'Cache-Control': 'no-store', Pragma: 'no-cache' });
    const refuse = async (error: OAuthError, client?: ClientConfig): Promise<void> => {
      await dependencies.record(response, { client, outcome: error });
      response.status(statuses[error]).json({ error });
    };
    const fields = await receiveForm(request).catch((error: unknown) => answerOf(error).status);
    if (typeof fields === 'number') return void response.status(fields).json({ error: 'invalid_request' });
    if (new Set(fields.keys()).size !== fields.size) return refuse('invalid_request');
    if (fields.get('grant_type') !== 'client_credentials') return refuse('unsupported_grant_type');
    const assertion = fields.get('client_assertion');
    if (fields.get('client_assertion_type') !== assertionType || !assertion) return refuse('invalid_request');
    const id = await verifyAssertion(assertion, dependencies.assertions());
    const client = dependencies.clients.find((candidate) => candidate.id === id);
    if (!client) return refuse('invalid_client');
    const scope = grantScopes(fields.get('scope') ?? '', client.roles).join(' ');
    if (!scope) return refuse('invalid_scope', client);
    await dependencies.record(response, { client, outcome: 'granted' });
    const token = await dependencies.tokens.issue({ client: client.id, scope });
    response.json({ access_token: token, token_type: 'bearer', expires_in: accessTokenSeconds, scope });
  };
}
