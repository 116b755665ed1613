import type { Clock } from '../clock.ts';
import type { DirectorySourceConfig } from '../config.ts';
import { createExtractSource } from '../directory/extract/source.ts';
import { createFinessSource } from '../directory/finess/source.ts';
import { createRorSource } from '../directory/ror/source.ts';
import type { DirectorySource } from '../directory/types.ts';
import { GatewayError } from '../fhir/error.ts';

/** A source as its entry in the configuration says. */
export function createDirectorySource(
  config: DirectorySourceConfig,
  { clock }: { clock: Clock },
): DirectorySource {
  const now = (): number => clock.now();
  switch (config.kind) {
    case 'extract':
      return createExtractSource({ id: config.id, files: config.files, now });
    case 'finess':
      return createFinessSource({ id: config.id, files: config.files, now });
    case 'ror':
      return createRorSource({ id: config.id, files: config.files, now });
    default:
      throw new GatewayError({
        category: 'not-supported',
        side: 'gateway',
        message: `« ${config.id} » : cette version ne sait pas encore lire une source ${config.kind}.`,
      });
  }
}
