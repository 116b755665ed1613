import type { ServerConfig } from '../config.ts';
import { type Caller, createCaller } from './caller.ts';
import { createConnections } from './connections.ts';
import type { ServerParts } from './create-server.ts';
import { createCredentials } from './credentials.ts';
import { createExchange } from './exchange.ts';

/** Calls to one server with its credentials and limits. Connections are made when needed and dropped by `close`. */
export function openCaller(
  config: ServerConfig,
  parts: ServerParts,
): { call: Caller; close(): Promise<void> } {
  const connections = createConnections(config);
  const exchange = createExchange(config, connections, parts.clock);
  const credentials = createCredentials(config, { exchange, ...parts });
  return {
    call: createCaller(config, { exchange, credentials, ...parts }),
    close: () => connections.close(),
  };
}
