/** Waiting for what was sent to arrive at the fulfillers. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ReferralStage } from './referral-stage.ts';

/** Collects arrivals until all the orders are there or none of them came for `patienceMs`, whatever else arrives. */
export async function arrivalsOf(
  { arrivals }: Pick<ReferralStage, 'arrivals'>,
  orders: readonly string[],
  patienceMs = 30_000,
): Promise<Map<string, number>> {
  const all = new Map<string, number>();
  const wanted = new Set(orders);
  let last = performance.now();
  while (orders.some((order) => !all.has(order)) && performance.now() - last < patienceMs) {
    const some = Object.entries(await arrivals());
    for (const [order, at] of some) all.set(order, at);
    if (some.some(([order]) => wanted.has(order))) last = performance.now();
    await sleep(some.length ? 20 : 5);
  }
  return all;
}
