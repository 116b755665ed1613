/** P11: referrals as many as go through, for a while: generator, hospitals, gateway and PostgreSQL on the same processors. */
import { setTimeout as sleep } from 'node:timers/promises';
import { residentMiB } from '../gateway/memory.ts';
import { arrivalsOf } from '../gateway/arrivals.ts';
import { allAccepted, closedLoop, createSender, type Sender } from '../gateway/load.ts';
import { processorMs } from '../gateway/process.ts';
import { type Served, serveReferrals } from '../gateway/served-stage.ts';
import { startQueue } from '../queues/queue-stage.ts';
import { isInstalled } from '../queues/queues.ts';
import type { Measure } from '../row.ts';
import type { Scenario } from '../scenario.ts';
import { median } from '../statistics.ts';

const clients = 16;
/** Accepted and not yet arrived: above it a client waits, so that what is accepted is what goes through. */
const mostBetween = 50;
const peers = ['graphile-worker', 'pg-boss'] as const;

type Sustained = {
  perSecond: number;
  cpuMs: number | undefined;
  latency: number[];
  memory: number[];
  lost: number;
};

export const scenario: Scenario = {
  async run({ quick, long }) {
    const forMs = quick ? 8_000 : long ? 600_000 : 100_000;
    const peerMs = quick ? 4_000 : long ? 60_000 : 20_000;
    const stage = await serveReferrals('P11');
    const others = new Map<string, Sustained>();
    let ours: Sustained;
    try {
      const sender = stage.sender(clients);
      await sustain(stage, sender, stage.gateway.pid, quick ? 2_000 : 15_000);
      ours = await sustain(stage, sender, stage.gateway.pid, forMs);
      sender.close();
      for (const name of peers) {
        if (!(await isInstalled(name))) continue;
        const queue = await startQueue(name, stage.databaseUrl, stage.hospitals);
        const peerSender = createSender(queue.said, '', clients);
        await sustain(stage, peerSender, queue.pid, 2_000);
        others.set(name, await sustain(stage, peerSender, queue.pid, peerMs));
        peerSender.close();
        await queue.kill('SIGKILL');
      }
    } finally {
      await stage.end();
    }
    return rows(ours, others, forMs);
  },
};

function rows(ours: Sustained, others: ReadonlyMap<string, Sustained>, forMs: number): Measure[] {
  const common = { id: 'P11', warmUp: 1 } as const;
  const beside = peers.map((name): Measure => {
    const peer = others.get(name);
    return {
      ...{ ...common, what: `the same bytes through ${name}, end to end`, unit: '/s', values: peer ? [peer.perSecond] : [] },
      note: peer
        ? `reads nothing of a body, checks nothing and keeps no ledger; processor ${peer.cpuMs?.toFixed(2) ?? '?'} ms each`
        : 'not installed here',
    };
  }); // prettier-ignore
  const graphile = others.get('graphile-worker');
  return [
    {
      ...{ ...common, what: 'referrals a second, accepted and at the fulfiller', unit: '/s', values: [ours.perSecond] },
      ...(graphile ? { peer: { name: 'graphile-worker, any bytes', values: [graphile.perSecond] } } : {}),
      goal: { atLeast: 500 },
      note: `${Math.round(forMs / 1000)} s (--long: ten minutes), ${clients} clients, ${ours.lost} not arrived`,
    },
    {
      ...{ ...common, what: 'processor time of the gateway for one', unit: 'ms', values: ours.cpuMs === undefined ? [] : [ours.cpuMs] },
      goal: { atMost: 2 },
    },
    {
      ...{ ...common, what: 'latency of accepting: last fifth against first', unit: '%', values: [growth(ours.latency)] },
      ...{ goal: { atMost: 10 }, note: 'medians; growth, so below 0 is faster at the end' },
    },
    {
      ...{ ...common, what: 'memory: last fifth against first', unit: 'MiB', values: [last(ours.memory) - first(ours.memory)] },
      ...{ goal: { atMost: 16 }, note: `medians; ${Math.round(last(ours.memory))} MiB at the end` },
    },
    ...beside,
  ]; // prettier-ignore
}

/** Load for a while at the pace at which referrals go through, then until all have. */
async function sustain(stage: Served, sender: Sender, pid: number, forMs: number): Promise<Sustained> {
  const arrived = new Set<string>();
  const memory: number[] = [];
  let [posted, open] = [0, true];
  const watch = (async () => {
    for (let n = 0; open; n += 1) {
      for (const order of Object.keys(await stage.arrivals())) arrived.add(order);
      if (n % 20 === 0) memory.push(residentMiB(pid));
      await sleep(50);
    }
  })();
  const paced: Sender = {
    ...sender,
    async post(referral) {
      while (posted - arrived.size > mostBetween) await sleep(5);
      posted += 1;
      return sender.post(referral);
    },
  };
  const cpu = processorMs(pid);
  const start = performance.now();
  const sent = await closedLoop(paced, () => stage.next(), { clients, forMs }).finally(() => (open = false));
  const before = arrived.size;
  const tookMs = performance.now() - start;
  const cpuAfter = processorMs(pid);
  await watch;
  const missing = allAccepted(sent)
    .filter(({ order }) => !arrived.has(order))
    .map(({ order }) => order);
  const late = await arrivalsOf(stage, missing);
  return {
    perSecond: (1000 * before) / tookMs,
    cpuMs: cpu === undefined || cpuAfter === undefined ? undefined : (cpuAfter - cpu) / before,
    latency: sent.map(({ sentAt, answeredAt }) => answeredAt - sentAt),
    ...{ memory, lost: missing.length - late.size },
  };
}

function first(values: readonly number[]): number {
  return median(values.slice(0, Math.max(1, Math.floor(values.length / 5))));
}

function last(values: readonly number[]): number {
  return median(values.slice(-Math.max(1, Math.floor(values.length / 5))));
}

function growth(values: readonly number[]): number {
  return 100 * (last(values) / first(values) - 1);
}
