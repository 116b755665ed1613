/** SMART Backend Services, client side (SMART App Launch 2, "Backend Services"; SBS-01 to SBS-06). */
import type { Clock, Ids } from '../clock.ts';
import type { ServerAuth, ServerConfig } from '../config.ts';
import { GatewayError } from '../fhir/error.ts';
import type { Log } from '../log.ts';
import { createAssertion } from './assertion.ts';
import type { Credentials } from './credentials.ts';
import type { Exchange } from './exchange.ts';

type SmartAuth = Extract<ServerAuth, { kind: 'smart' }>;
type Token = { header: string; freshUntilMs: number };
type Parts = { exchange: Exchange; clock: Clock; ids: Ids; log: Log };

/** Taken for a token whose lifetime the server does not tell (it must, SBS-05). */
const assumedLifetimeS = 60;

/** Tokens are cached, asked for by one caller at a time, and renewed before they end. */
export function createSmartCredentials(config: ServerConfig, auth: SmartAuth, parts: Parts): Credentials {
  const { exchange, clock, ids, log } = parts;
  let tokenUrl = auth.tokenUrl;
  let token: Token | undefined;
  let asking: Promise<Token> | undefined;

  return {
    async header() {
      if (token && clock.now() < token.freshUntilMs) return token.header;
      asking ??= ask().finally(() => (asking = undefined));
      token = await asking;
      return token.header;
    },
    drop(refused) {
      if (token?.header === refused) token = undefined;
      return true;
    },
  };

  async function ask(): Promise<Token> {
    tokenUrl ??= await discover();
    const assertion = await createAssertion(config.id, auth, tokenUrl, { clock, ids });
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      scope: auth.scope,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
    });
    const asked = clock.now();
    const headers = { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' };
    const request = {
      method: 'POST',
      url: tokenUrl,
      headers,
      body: form.toString(),
      effect: 'read',
    } as const;
    const { status, body } = await exchange(request, config.timeouts.totalMs);
    if (status >= 500 || status === 429) {
      throw failure('unavailable', 'server', `le serveur d’autorisation est indisponible (HTTP ${status})`);
    }
    const answer = (body ?? {}) as Record<string, unknown>;
    const value = answer['access_token'];
    const bearer = String(answer['token_type']).toLowerCase() === 'bearer';
    if (status !== 200 || typeof value !== 'string' || !/^[\x21-\x7e]+$/.test(value) || !bearer) {
      throw failure(
        'unauthenticated',
        'gateway',
        `le serveur d’autorisation refuse notre clé (HTTP ${status})`,
      );
    }
    warnOfNarrowScope(answer['scope']);
    const lifetimeMs = 1000 * (Number(answer['expires_in']) || assumedLifetimeS);
    return { header: `Bearer ${value}`, freshUntilMs: asked + lifetimeMs - Math.min(30_000, lifetimeMs / 4) };
  }

  async function discover(): Promise<string> {
    const url = `${config.base}/.well-known/smart-configuration`;
    const request = { method: 'GET', url, headers: { accept: 'application/json' }, effect: 'read' } as const;
    const { status, body } = await exchange(request, config.timeouts.totalMs);
    const found = (body as Record<string, unknown> | undefined)?.['token_endpoint'];
    if (status === 200 && typeof found === 'string' && isSafe(found)) return found;
    throw failure(
      'unavailable',
      'server',
      'sa configuration SMART est absente ou sans point d’accès aux jetons',
    );
  }

  /** The assertion is worth a token: it travels under TLS, or where the server itself is spoken to in clear. */
  function isSafe(url: string): boolean {
    if (!URL.canParse(url)) return false;
    const { protocol, origin } = new URL(url);
    return protocol === 'https:' || origin === new URL(config.base).origin;
  }

  function warnOfNarrowScope(granted: unknown): void {
    if (typeof granted !== 'string') return;
    const scopes = new Set(granted.split(' '));
    const missing = auth.scope.split(' ').filter((scope) => !scopes.has(scope)).length;
    if (missing > 0) log.warn('server.scope-narrowed', { server: config.id, count: missing });
  }

  function failure(
    category: 'unavailable' | 'unauthenticated',
    side: 'server' | 'gateway',
    what: string,
  ): GatewayError {
    return new GatewayError({ category, side, message: `Serveur « ${config.id} » : ${what}.` });
  }
}
