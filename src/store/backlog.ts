/** How much waits in the outbox and since when, over all tenants: for whoever watches the gateway. */
import type { OutboxState } from './schema.ts';
import type { Db } from './store.ts';

export type Backlog = {
  lane: 'publication' | 'clinical';
  state: OutboxState;
  items: number;
  /** When the oldest of them was queued. */
  oldest: Date;
};

export type BacklogRepository = ReturnType<typeof backlogRepository>;

/** Counts only: neither subjects nor servers, which could single out a patient. */
export function backlogRepository(db: Db) {
  return {
    async open(): Promise<Backlog[]> {
      return db
        .selectFrom('outbox')
        .where('state', 'in', ['queued', 'sending', 'parked'])
        .select(['lane', 'state'])
        .select((eb) => [eb.fn.countAll<number>().as('items'), eb.fn.min('created_at').as('oldest')])
        .groupBy(['lane', 'state'])
        .execute();
    },
  };
}
