/** Which hospital's server keeps the records of an organisation, offer or professional. */
import type { ServerConfig } from '../config.ts';
import type { BusinessKey } from '../fhir/key.ts';

/** First server that is home to one of the keys, tried in their order: the most precise key first. */
export function homeServer(
  servers: readonly ServerConfig[],
  keys: readonly BusinessKey[],
): ServerConfig | undefined {
  for (const key of keys) {
    const home = servers.find(({ homeOf }) => homeOf.includes(key));
    if (home) return home;
  }
  return undefined;
}
