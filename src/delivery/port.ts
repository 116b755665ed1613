import type { Repositories, Store } from '../store/store.ts';

/**
 * What the delivery core needs of the store, so that a simulator can stand in for PostgreSQL. Everything else the
 * core touches (clock, ids, servers) is an argument too.
 */
export type DeliveryStore = {
  outbox: Pick<
    Repositories['outbox'],
    | 'due'
    | 'claim'
    | 'prolong'
    | 'postpone'
    | 'park'
    | 'expire'
    | 'explain'
    | 'hasten'
    | 'progress'
    | 'requeue'
  >;
  references: Pick<Repositories['references'], 'find' | 'byLocalIds'>;
} & Pick<Store, 'transaction' | 'onOutbox'>;
