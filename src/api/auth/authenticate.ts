/** Who calls, from the `Authorization` header alone and before anything of the body is read. */
import type { ClientConfig } from '../../config.ts';
import { GatewayError } from '../../fhir/error.ts';
import type { Caller } from '../types.ts';
import type { AccessTokens } from './access-tokens.ts';
import { readBasic, secretsEqual } from './basic.ts';
import { adminScope, parseScope, scopesOf } from './scopes.ts';

/** The caller of a request. Throws `unauthenticated` (401), always with the same words. */
export type Authenticate = (authorization: string | undefined) => Promise<Caller>;

export type AuthenticationDependencies = {
  clients: readonly ClientConfig[];
  tokens: AccessTokens;
  /** Tenant and token of the folder's owner, for the command line beside a running gateway (rule 9). */
  owner: { tenant: string; token: string | undefined };
};

/** Basic and bearer authentication against the configured clients. */
export function createAuthenticate({ clients, tokens, owner }: AuthenticationDependencies): Authenticate {
  const byId = new Map(clients.map((client) => [client.id, client]));
  return async (authorization) => {
    const header = authorization ?? '';
    const basic = readBasic(header);
    const caller = basic
      ? basicCaller(byId.get(basic.user), basic.password)
      : await bearerCaller(/^Bearer +([^\s]+)$/i.exec(header)?.[1], byId, tokens, owner);
    if (caller) return caller;
    throw new GatewayError({
      category: 'unauthenticated',
      side: 'sender',
      message: 'Authentification requise : identifiant ou jeton absent, inconnu ou expiré.',
    });
  };
}

/** The comparison is made for an unknown client too, so that time does not tell which ones exist. */
function basicCaller(client: ClientConfig | undefined, password: string): Caller | undefined {
  const expected = client?.auth.kind === 'basic' ? client.auth.password : undefined;
  const equal = secretsEqual(password, expected ?? '');
  return client && expected !== undefined && equal ? callerOf(client) : undefined;
}

async function bearerCaller(
  token: string | undefined,
  byId: ReadonlyMap<string, ClientConfig>,
  tokens: AccessTokens,
  owner: AuthenticationDependencies['owner'],
): Promise<Caller | undefined> {
  if (token === undefined) return undefined;
  if (owner.token && secretsEqual(token, owner.token))
    return {
      ...{ client: 'owner', tenant: owner.tenant, server: undefined, actsFor: [] },
      ...{ roles: ['admin'], scopes: [] },
    };
  const grant = await tokens.verify(token);
  const client = grant && byId.get(grant.client);
  if (!client || client.auth.kind !== 'smart') return undefined;
  const granted = grant.scope.split(' ');
  const caller = callerOf(client);
  return {
    ...caller,
    roles: caller.roles.filter((role) => role !== 'admin' || granted.includes(adminScope)),
    scopes: granted.flatMap((scope) => parseScope(scope) ?? []),
  };
}

function callerOf(client: ClientConfig): Caller {
  return {
    client: client.id,
    tenant: client.tenant,
    server: client.server,
    actsFor: client.actsFor ?? [],
    roles: client.roles,
    scopes: scopesOf(client.roles),
  };
}
