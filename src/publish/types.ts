/** What publication works with. */
import type { Clock, Ids } from '../clock.ts';
import type { ServerConfig } from '../config.ts';
import type { Delivery } from '../delivery/create-delivery.ts';
import type { BusinessKey } from '../fhir/key.ts';
import type { Issue, Position } from '../fhir/issue.ts';
import type { AnyResource } from '../fhir/types.ts';
import type { Log } from '../log.ts';
import type { MappedResource, Origin } from '../mapping/types.ts';
import type { FhirServer } from '../server/types.ts';
import type { Stated } from './stated.ts';
import type { StoredNetwork } from '../store/networks.ts';
import type { Store } from '../store/store.ts';

/** A network as it was read and mapped, or, where that is not needed, as it stands in the store. */
export type MappedNetwork = StoredNetwork & {
  /** Empty when they stand in the store. */
  resources: readonly MappedResource[];
  /** Where else its resources are: unchanged since they were stored, or held by a roll back. */
  kept?: 'desired' | 'held';
  /** What it wants at each server, in place of `resources`: a roll back under way. */
  at?: ReadonlyMap<string, readonly Stated[]>;
  /** The day and the program it was mapped with; what was mapped with the same need not be mapped again. */
  basis?: string;
  issues?: readonly Issue[];
  /** Place in its file of a JSON pointer that an origin names. */
  positionOf?: (pointer: string) => Position;
};

export type PublishParts = {
  store: Store;
  servers: ReadonlyMap<string, FhirServer>;
  serverConfigs: readonly ServerConfig[];
  delivery: Pick<Delivery, 'drain' | 'wake'>;
  clock: Clock;
  ids: Ids;
  log: Log;
  /** How much may change unconfirmed; absent: as the configuration's default. */
  brake?: Brake;
};

/** What may change or close without being confirmed: this share of what is in use at a server, or this many. */
export type Brake = { share: number; freely: number };

/** One resource that should be at a server, whatever number of networks want it. */
export type Wanted = {
  type: string;
  key: BusinessKey;
  class: 'owned' | 'directory-copy';
  hash: string;
  body: AnyResource;
  /** Ids of the networks that want it, sorted; the first one's body counts. */
  networks: string[];
  /** Where its elements come from in the first network's file. */
  origin?: readonly Origin[];
};

/** `Type key`: how one resource is named among all. */
export type ResourceName = string;
