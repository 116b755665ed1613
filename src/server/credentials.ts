/** What a server wants to see in `Authorization`. */
import type { Clock, Ids } from '../clock.ts';
import type { ServerConfig } from '../config.ts';
import type { Log } from '../log.ts';
import type { Exchange } from './exchange.ts';
import { createSmartCredentials } from './smart.ts';

export type Credentials = {
  /** Value of the header; undefined for none. */
  header(): Promise<string | undefined>;
  /** Forgets a token the server just refused; false when there is nothing fresher to try. */
  drop(refused: string | undefined): boolean;
};

/** Credentials of a configured server: none, basic (RFC 7617) or SMART Backend Services. */
export function createCredentials(
  config: ServerConfig,
  parts: { exchange: Exchange; clock: Clock; ids: Ids; log: Log },
): Credentials {
  const { auth } = config;
  if (auth.kind === 'smart') return createSmartCredentials(config, auth, parts);
  const header =
    auth.kind === 'basic'
      ? `Basic ${Buffer.from(`${auth.user}:${auth.password}`, 'utf8').toString('base64')}`
      : undefined;
  return { header: async () => header, drop: () => false };
}
