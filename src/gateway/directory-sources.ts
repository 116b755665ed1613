import type { Clock, Ids } from '../clock.ts';
import type { DirectorySourceConfig } from '../config.ts';
import { createAnnuaire } from '../directory/annuaire/create-annuaire.ts';
import { createQuota, type Quota } from '../directory/api/quota.ts';
import { createExtractSource } from '../directory/extract/source.ts';
import type { DirectorySource } from '../directory/types.ts';
import { GatewayError } from '../fhir/error.ts';
import type { Log } from '../log.ts';

/** Makes the source that an entry of the configuration names. */
export type CreateDirectorySource = (config: DirectorySourceConfig) => DirectorySource;

/** Sources that use one key share its quota, whoever reads. */
export function directorySources({
  clock,
  ids,
  log,
}: {
  clock: Clock;
  ids: Ids;
  log: Log;
}): CreateDirectorySource {
  const quotas = new Map<string, Quota>();
  const now = (): number => clock.now();
  return (config) => {
    switch (config.kind) {
      case 'annuaire': {
        const { perSecond, perMinute, kind: _kind, ...rest } = config;
        const quota = quotas.get(config.key) ?? createQuota({ perSecond, perMinute }, clock);
        quotas.set(config.key, quota);
        return createAnnuaire({ ...rest, quota, clock, ids, log });
      }
      case 'extract':
        return createExtractSource({ id: config.id, files: config.files, now });
      default:
        throw new GatewayError({
          category: 'not-supported',
          side: 'gateway',
          message: `« ${config.id} » : cette version ne sait pas encore lire une source ${config.kind}.`,
        });
    }
  };
}
