/** The beat of subscriptions: heartbeats where nothing was told for a while, ends that have come, events grown old. */
import type { Clock } from '../clock.ts';
import { enqueue } from '../delivery/enqueue.ts';
import { errorFields, type Log } from '../log.ts';
import type { Store } from '../store/store.ts';
import { noticeItem } from './items.ts';

export type HeartParts = { store: Store; clock: Clock; log: Log };

/** How often it is looked at: half of the shortest period that can be asked for. */
const beatMs = 5_000;
/** Events are kept so long for `$events`; afterwards the resources themselves are the pull. */
const keepMs = 30 * 24 * 60 * 60_000;

/** One look: any number of gateways may do it, each heartbeat is queued once. Answers how many were. */
export async function beat({ store, clock }: Pick<HeartParts, 'store' | 'clock'>): Promise<number> {
  const now = new Date(clock.now());
  return store.transaction(async (tx) => {
    await tx.subscriptions.endDue(now);
    await tx.subscriptions.forgetEvents(new Date(now.getTime() - keepMs));
    const silent = await tx.subscriptions.takeSilent(now);
    await enqueue(
      tx,
      silent.map((subscription) => noticeItem(subscription, 'heartbeat')),
      clock,
    );
    return silent.length;
  });
}

/** Beats until `stop`; a database that is away is looked for again at the next beat. */
export function createHeart({ store, clock, log }: HeartParts): { start(): void; stop(): Promise<void> } {
  const stopped = new AbortController();
  let running: Promise<void> | undefined;
  async function run(): Promise<void> {
    let failing = false;
    while (!stopped.signal.aborted) {
      await beat({ store, clock }).then(
        () => (failing = false),
        (error: unknown) => {
          if (!failing) log.warn('subscription.beat-failed', errorFields(error)); // once an outage (P-33)
          failing = true;
        },
      );
      await clock.sleep(beatMs, stopped.signal);
    }
  }
  return {
    start: () => void (running ??= run()),
    async stop() {
      stopped.abort();
      await running;
    },
  };
}
