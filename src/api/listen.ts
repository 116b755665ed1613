/** A listening server with time limits, and its clean end. */
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GatewayError } from '../fhir/error.ts';

/** Milliseconds; a slow sender is cut off with 408 rather than held for ever. */
export type ServerTimeouts = {
  /** Until all headers are there. */
  headersMs: number;
  /** Until the whole request is there. */
  requestMs: number;
  /** Idle time of a kept connection. */
  keepAliveMs: number;
};

/** A document of 20 MiB over a slow line takes most of a minute. */
export const usualTimeouts: ServerTimeouts = { headersMs: 10_000, requestMs: 60_000, keepAliveMs: 15_000 };

export type Listening = {
  port: number;
  /** Takes no more connections, lets answers finish for `graceMs`, then cuts. */
  close(graceMs?: number): Promise<void>;
};

const usualGraceMs = 1_500;

/** Listens on host and port (0: any free one). Throws `unavailable` when the address is taken or not ours. */
export async function listen(
  app: RequestListener,
  address: { host: string; port: number },
  timeouts: ServerTimeouts = usualTimeouts,
): Promise<Listening> {
  const server = createServer(
    {
      headersTimeout: timeouts.headersMs,
      requestTimeout: timeouts.requestMs,
      keepAliveTimeout: timeouts.keepAliveMs,
      connectionsCheckingInterval: Math.max(50, Math.min(timeouts.headersMs, timeouts.requestMs) / 4),
    },
    app,
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => reject(cannotListen(address, cause)));
    server.listen(address.port, address.host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: (graceMs = usualGraceMs) =>
      new Promise((resolve) => {
        const cut = setTimeout(() => server.closeAllConnections(), graceMs);
        server.close(() => {
          clearTimeout(cut);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}

function cannotListen(
  { host, port }: { host: string; port: number },
  cause: NodeJS.ErrnoException,
): GatewayError {
  const reason =
    cause.code === 'EADDRINUSE'
      ? `le port ${port} est déjà pris (une autre passerelle tourne-t-elle ?) ; arrêtez ce qui l’occupe, ou changez « http.port » (« --port » pour la démonstration)`
      : `impossible d’écouter sur ${host}:${port} (${cause.code ?? 'raison inconnue'})`;
  return new GatewayError({
    category: 'unavailable',
    side: 'gateway',
    message: `Arrêt : ${reason}.`,
    retryable: false,
    cause,
  });
}
