/** What publication works with. */
import type { Clock, Ids } from '../clock.ts';
import type { ServerConfig } from '../config.ts';
import type { Delivery } from '../delivery/create-delivery.ts';
import type { BusinessKey } from '../fhir/key.ts';
import type { AnyResource } from '../fhir/types.ts';
import type { Log } from '../log.ts';
import type { MappedResource } from '../mapping/types.ts';
import type { FhirServer } from '../server/types.ts';
import type { StoredNetwork } from '../store/networks.ts';
import type { Store } from '../store/store.ts';

/** A network as it was read and mapped. */
export type MappedNetwork = StoredNetwork & { resources: readonly MappedResource[] };

export type PublishParts = {
  store: Store;
  servers: ReadonlyMap<string, FhirServer>;
  serverConfigs: readonly ServerConfig[];
  delivery: Pick<Delivery, 'drain' | 'wake'>;
  clock: Clock;
  ids: Ids;
  log: Log;
};

/** One resource that should be at a server, whatever number of networks want it. */
export type Wanted = {
  type: string;
  key: BusinessKey;
  class: 'owned' | 'directory-copy';
  hash: string;
  body: AnyResource;
  /** Ids of the networks that want it, sorted; the first one's body counts. */
  networks: string[];
};

/** `Type key`: how one resource is named among all. */
export type ResourceName = string;
