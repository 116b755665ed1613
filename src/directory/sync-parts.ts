/** What the engine of synchronisation works with. */
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Store } from '../store/store.ts';

export type SyncParts = {
  store: Store;
  clock: Clock;
  log: Log;
  /** Who holds leases: this process. */
  owner: string;
  brake: { share: number; freely: number };
  /** Version of the program, for reports. */
  program: string;
};

/** A lease on a source, told with every write. */
export type SyncLease = { name: string; fence: number };
