/** `/metrics` in the format of Prometheus: requests by outcome, the outbox by state, the oldest that waits. No ids. */
import type { RequestHandler } from 'express';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Clock } from '../clock.ts';
import type { Store } from '../store/store.ts';

export type Metrics = {
  /** Counts an answered request; `action` is one of the edge's fixed words. */
  answered(action: string, status: number, seconds: number): void;
  endpoint: RequestHandler;
};

/** Metrics of one gateway, in a registry of its own. */
export function createMetrics(backlog: Store['backlog'], clock: Clock): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const requests = new Counter({
    name: 'passerelle_requests_total',
    help: 'Requests answered, by what was asked and by status',
    labelNames: ['action', 'status'],
    registers,
  });
  const duration = new Histogram({
    name: 'passerelle_request_seconds',
    help: 'Time to answer, by what was asked',
    labelNames: ['action'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
    registers,
  });
  const depth = new Gauge({
    name: 'passerelle_outbox_items',
    help: 'Items not delivered yet, by lane and state',
    labelNames: ['lane', 'state'],
    registers,
  });
  const oldest = new Gauge({
    name: 'passerelle_outbox_oldest_seconds',
    help: 'Age of the oldest item not delivered yet, by lane and state',
    labelNames: ['lane', 'state'],
    registers,
  });
  return {
    answered: (action, status, seconds) => {
      requests.inc({ action, status });
      duration.observe({ action }, seconds);
    },
    endpoint: async (_request, response) => {
      const rows = await backlog.open();
      depth.reset();
      oldest.reset();
      for (const { lane, state, items, oldest: since } of rows) {
        depth.set({ lane, state }, items);
        oldest.set({ lane, state }, Math.max(0, (clock.now() - since.getTime()) / 1000));
      }
      response.set('Content-Type', registry.contentType).end(await registry.metrics());
    },
  };
}
