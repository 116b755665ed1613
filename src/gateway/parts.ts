/** A gateway's assembled parts, as operations, jobs and handlers use them. */
import type { Clock, Ids } from '../clock.ts';
import type { Config, ServerConfig } from '../config.ts';
import type { Delivery } from '../delivery/create-delivery.ts';
import type { Log } from '../log.ts';
import type { Scheduler } from '../schedule/types.ts';
import type { FhirServer } from '../server/types.ts';
import type { Store } from '../store/store.ts';
import type { DirectorySync } from './directory-sync.ts';
import type { Exchanges } from './exchange.ts';
import type { Knowledge } from './knowledge.ts';

export type Parts = {
  config: Config;
  store: Store;
  servers: ReadonlyMap<string, FhirServer>;
  serverConfigs: readonly ServerConfig[];
  delivery: Delivery;
  scheduler: Scheduler;
  exchanges: Exchanges;
  directory: DirectorySync;
  knowledge: Knowledge;
  clock: Clock;
  ids: Ids;
  log: Log;
  /** Version of the program. */
  program: string;
};
