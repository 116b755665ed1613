/** One plan in a process of its own: `node bench/plan/process.ts DATABASE_URL IDS CHANGES`; prints what it took as JSON. */
import { systemClock, systemIds } from '../../src/clock.ts';
import { createLog } from '../../src/log.ts';
import { plan } from '../../src/publish/plan.ts';
import type { PublishParts } from '../../src/publish/types.ts';
import { openStore } from '../../src/store/store.ts';
import { changedNetwork, keptNetwork, serverId, tenant } from './fill.ts';

/** What one process measured. */
export type Planned = { ms: number; peakMiB: number; changes: number; unchanged: number };

if (process.argv[1] === import.meta.filename) {
  const [url, ids, changes] = process.argv.slice(2) as [string, string, string];
  const store = openStore(url);
  const [first, ...others] = ids.split(',');
  const networks = [changedNetwork(first!, Number(changes)), ...others.map(keptNetwork)];
  const config = {
    id: serverId,
    name: serverId,
    base: 'http://127.0.0.1:9/fhir',
    auth: { kind: 'none' },
  } as const;
  const parts: PublishParts = {
    ...{ store, servers: new Map(), clock: systemClock, ids: systemIds, log: createLog('error') },
    serverConfigs: [
      {
        ...{ ...config, ids: 'client', homeOf: [], maxConnections: 1 },
        timeouts: { connectMs: 1, answerMs: 1, totalMs: 1 },
      },
    ],
    delivery: { drain: () => Promise.resolve([]), wake: () => undefined },
  };
  await store.ping();
  const start = performance.now();
  const { servers } = await plan(parts, tenant, networks);
  const ms = performance.now() - start;
  const [server] = servers;
  const told: Planned = {
    ...{ ms, peakMiB: process.resourceUsage().maxRSS / 1024 },
    ...{ changes: server!.changes.length, unchanged: server!.counts.unchanged },
  };
  console.log(JSON.stringify(told));
  await store.close();
}
