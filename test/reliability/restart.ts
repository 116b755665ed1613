import { setTimeout as sleep } from 'node:timers/promises';
import { type GatewayProcess, startGateway } from './gateway-process.ts';
import { killPostgres } from './postgres-process.ts';
import type { Random } from './random.ts';
import type { Site } from './site.ts';

/**
 * Starts the gateway again after it was killed; now and then its database is killed, too, or the gateway once more
 * while it starts. Resolves when it serves.
 */
export async function restart(
  site: Pick<Site, 'folder' | 'configFile'>,
  random: Random,
): Promise<{ gateway: GatewayProcess; fault: string }> {
  let fault = 'kill -9';
  const alsoPostgres = random.chance(0.25);
  if (alsoPostgres && (await killPostgres(site.folder))) fault += ' of gateway and postmaster';
  if (random.chance(0.2)) {
    const early = startGateway(site.configFile);
    await sleep(random.below(1_500));
    await early.kill();
    fault += ', again while starting';
  }
  const gateway = startGateway(site.configFile);
  await gateway.ready;
  return { gateway, fault };
}
