import { systemClock, systemIds } from '../../src/clock.ts';
import type { ServerConfig } from '../../src/config.ts';
import { createLog, type Log } from '../../src/log.ts';
import { createServer } from '../../src/server/create-server.ts';
import type { FhirServer } from '../../src/server/types.ts';

/** A configured server at `base` with limits fit for tests; anything may be changed. */
export function serverConfig(base: string, changes: Partial<ServerConfig> = {}): ServerConfig {
  return {
    id: 'hopital-essai',
    name: 'Hôpital d’essai',
    base,
    auth: { kind: 'none' },
    ids: 'client',
    homeOf: [],
    timeouts: { connectMs: 2000, answerMs: 20_000, totalMs: 30_000 },
    maxConnections: 4,
    ...changes,
  };
}

/** The client as the gateway makes it, on the machine's own clock; repeated reads do not wait. */
export function openServer(
  base: string,
  changes: Partial<ServerConfig> = {},
  log: Log = createLog('silent'),
): FhirServer {
  return createServer(serverConfig(base, changes), {
    clock: systemClock,
    ids: { ...systemIds, fraction: () => 0 },
    log,
  });
}
