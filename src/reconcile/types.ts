/** What reconciliation works with. */
import type { Clock, Ids } from '../clock.ts';
import type { ServerConfig } from '../config.ts';
import type { Delivery } from '../delivery/create-delivery.ts';
import type { AnyResource } from '../fhir/types.ts';
import type { Log } from '../log.ts';
import type { Drift } from '../operations.ts';
import type { FhirServer } from '../server/types.ts';
import type { DeployedResource } from '../store/deployed.ts';
import type { ServerReference } from '../store/references.ts';
import type { Store } from '../store/store.ts';

export type ReconcileParts = {
  store: Store;
  servers: ReadonlyMap<string, FhirServer>;
  serverConfigs: readonly ServerConfig[];
  delivery: Pick<Delivery, 'drain' | 'wake'>;
  clock: Clock;
  ids: Ids;
  log: Log;
};

/** What we have at one server, with where it is. */
export type Held = { deployed: DeployedResource; reference: ServerReference };

/** A drift with what repairing needs: the resource as it is there, unless it is gone. */
export type Difference = {
  drift: Drift;
  held: Held;
  actual:
    { resource: AnyResource; versionId: string | undefined; hash: string; form: AnyResource } | undefined;
};
