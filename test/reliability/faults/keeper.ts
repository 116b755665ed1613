/** Keeps one gateway running whatever befalls it: who is killed is started again, and callers learn the new address. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type GatewayProcess, startGateway } from '../gateway-process.ts';
import { killPostgres } from '../postgres-process.ts';
import type { Site } from '../site.ts';

export type Strike = 'gateway' | 'database' | 'both';

export type Keeper = {
  /** Address of the gateway that serves; waits while it is started again. */
  address(): Promise<string>;
  /** SIGKILL, and whoever was killed starts again. One at a time. */
  strike(what: Strike): Promise<void>;
  stop(): Promise<void>;
};

const shortPauses = new URL('short-pauses.ts', import.meta.url).pathname;

/** Starts the first gateway of a site. */
export function keepGateway(site: Pick<Site, 'folder' | 'configFile'>): Keeper {
  let gateway: GatewayProcess = startGateway(site.configFile, [shortPauses]);
  let striking: Promise<void> = Promise.resolve();
  const strike = async (what: Strike): Promise<void> => {
    await gateway.ready;
    if (what !== 'gateway') await killPostgres(site.folder);
    if (what === 'database') return; // the gateway starts it again by itself
    await gateway.kill();
    gateway = startGateway(site.configFile, [shortPauses]);
    await gateway.ready;
  };
  return {
    async address() {
      for (;;) {
        const asked = gateway;
        try {
          return await asked.ready;
        } catch (error) {
          if (asked === gateway) throw error;
          await sleep(20); // killed while it started: there is another one
        }
      }
    },
    strike: (what) => (striking = striking.then(() => strike(what))),
    async stop() {
      await striking.catch(() => undefined);
      await gateway.stop();
    },
  };
}
