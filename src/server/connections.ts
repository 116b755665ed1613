/** The pool of connections to one server: how many, how long each phase may take, whom TLS trusts, how much is read. */
import { readFileSync } from 'node:fs';
import tls from 'node:tls';
import type { Dispatcher } from 'undici';
import type { ServerConfig } from '../config.ts';
import { GatewayError } from '../fhir/error.ts';
import { Agent, DecoratorHandler } from './undici.ts';

/** Largest answer read, in bytes: twice the largest accepted document (20 MiB) in base64. */
export const maxAnswerBytes = 64 * 1024 * 1024;

export type Connections = { dispatcher: Dispatcher; close(): Promise<void> };

/**
 * `Agent` must be of undici 7, the major that Node 24 carries: another one is refused by fetch.
 * Compressed answers are neither asked for nor accepted, because fetch inflates them without a limit.
 */
export function createConnections(config: ServerConfig): Connections {
  const agent = new Agent({
    connections: config.maxConnections,
    headersTimeout: config.timeouts.answerMs,
    bodyTimeout: config.timeouts.answerMs,
    maxResponseSize: maxAnswerBytes,
    connect: { timeout: config.timeouts.connectMs, ...trust(config) },
  });
  return {
    dispatcher: agent.compose((dispatch) => (options, handler) => dispatch(options, new Bounded(handler))),
    close: () => agent.destroy(),
  };
}

/** `ca` replaces what Node trusts, so the default authorities are named with ours. */
function trust(config: ServerConfig): { ca?: string[] } {
  if (!config.caFile) return {};
  try {
    return { ca: [...tls.getCACertificates('default'), readFileSync(config.caFile, 'utf8')] };
  } catch {
    throw new GatewayError({
      category: 'fault',
      side: 'gateway',
      retryable: false,
      message: `Serveur « ${config.id} » : le fichier d’autorité « caFile » de la configuration est illisible.`,
    });
  }
}

type ResponseStart = Parameters<NonNullable<Dispatcher.DispatchHandler['onResponseStart']>>;

/** Undici's own decorator, which passes every event on; its published types leave the events out. */
const PassingOn = DecoratorHandler as unknown as new (handler: Dispatcher.DispatchHandler) => {
  onResponseStart(...event: ResponseStart): void;
};

/** Refuses by the headers what would be refused later, at a higher price, by the body. */
class Bounded extends PassingOn {
  override onResponseStart(...[controller, status, headers, text]: ResponseStart): void {
    const encoding = headers['content-encoding'];
    if (encoding !== undefined && encoding !== 'identity') {
      controller.abort(Object.assign(new Error('compressed answer'), { code: 'COMPRESSED_ANSWER' }));
    } else if (Number(headers['content-length']) > maxAnswerBytes) {
      controller.abort(Object.assign(new Error('large answer'), { code: 'UND_ERR_RES_EXCEEDED_MAX_SIZE' }));
    } else {
      super.onResponseStart(controller, status, headers, text);
    }
  }
}
