import type { Clock, Ids } from '../clock.ts';
import type { DirectorySourceConfig, McsdSourceConfig, ServerConfig } from '../config.ts';
import { createAnnuaire } from '../directory/annuaire/create-annuaire.ts';
import { createQuota, type Quota } from '../directory/api/quota.ts';
import { createExtractSource } from '../directory/extract/source.ts';
import { createFinessSource } from '../directory/finess/source.ts';
import { createMcsd } from '../directory/mcsd/create-mcsd.ts';
import { createRorSource } from '../directory/ror/source.ts';
import type { DirectorySource } from '../directory/types.ts';
import type { Log } from '../log.ts';
import { openCaller } from '../server/open-caller.ts';

export type DirectorySources = {
  /** The source that an entry of the configuration names. */
  create(config: DirectorySourceConfig): DirectorySource;
  /** Drops the connections to mCSD servers. */
  close(): Promise<void>;
};

/** Sources that use one key share its quota, whoever reads. */
export function directorySources(parts: { clock: Clock; ids: Ids; log: Log }): DirectorySources {
  const { clock, ids, log } = parts;
  const quotas = new Map<string, Quota>();
  const callers = new Map<string, ReturnType<typeof openCaller>>();
  const now = (): number => clock.now();
  return {
    create(config) {
      switch (config.kind) {
        case 'annuaire': {
          const { perSecond, perMinute, kind: _kind, ...rest } = config;
          const quota = quotas.get(config.key) ?? createQuota({ perSecond, perMinute }, clock);
          quotas.set(config.key, quota);
          return createAnnuaire({ ...rest, quota, clock, ids, log });
        }
        case 'mcsd': {
          const { id, base, authority } = config;
          const caller = callers.get(id) ?? openCaller(serverOf(config), { clock, ids, log });
          callers.set(id, caller);
          return createMcsd({ id, base, authority, call: caller.call, clock, ids, log });
        }
        case 'extract':
          return createExtractSource({ id: config.id, files: config.files, now });
        case 'finess':
          return createFinessSource({ id: config.id, files: config.files, now });
        case 'ror':
          return createRorSource({ ...config, now });
      }
    },
    close: async () => void (await Promise.all([...callers.values()].map((caller) => caller.close()))),
  };
}

/** A regional directory is called like a hospital's server. */
function serverOf({ id, base, auth }: McsdSourceConfig): ServerConfig {
  const timeouts = { connectMs: 3000, answerMs: 30_000, totalMs: 60_000 };
  return { id, name: id, base, auth, ids: 'client', homeOf: [], timeouts, maxConnections: 4 };
}
