/** P10: a hundred clients at a pace that waits for nobody, at seventy hundredths of what the gateway can take. */
import { join } from 'node:path';
import { startChild } from '../gateway/child.ts';
import { arrivalsOf } from '../gateway/arrivals.ts';
import type { BenchReferral } from '../gateway/fresh-referrals.ts';
import { allAccepted, closedLoop, createSender, openLoop, type Sender, type Sent } from '../gateway/load.ts';
import { serveReferrals } from '../gateway/served-stage.ts';
import type { Scenario } from '../scenario.ts';
import { median, quantile } from '../statistics.ts';

const clients = 100;
const share = 0.7;

export const scenario: Scenario = {
  async run({ quick, long }) {
    const stage = await serveReferrals('P10');
    const bare = await startChild([join(import.meta.dirname, '../queues/bare-commit.ts'), stage.databaseUrl]);
    const sender = stage.sender(clients);
    const peer = createSender(bare.said, '', clients);
    const [rounds, forMs] = quick ? [1, 4_000] : long ? [5, 20_000] : [3, 6_000];
    const [most, late, peerMost, peerLate]: number[][] = [[], [], [], []];
    try {
      await settled(stage, await closedLoop(sender, stage.next, { clients, forMs: 5_000 }));
      for (let n = 0; n < rounds; n += 1) {
        const rate = rateOf(
          await settled(stage, await closedLoop(sender, stage.next, { clients, forMs })),
          forMs,
        );
        most!.push(rate);
        const at = { perSecond: share * rate, forMs };
        late!.push(p95(await settled(stage, await openLoop(sender, stage.next, at))));
        peerMost!.push(rateOf(await closedLoop(peer, stage.next, { clients, forMs: forMs / 4 }), forMs / 4));
        peerLate!.push(await peerAt(peer, stage.next, at));
      }
    } finally {
      for (const one of [sender, peer]) one.close();
      await bare.kill();
      await stage.end();
    }
    const name = 'Node server that only commits the body';
    const common = { id: 'P10', warmUp: 1 } as const;
    return [
      {
        ...{ ...common, what: `accept, 95th percentile, ${clients} clients, open loop at ${100 * share} % of the most`, unit: 'ms', values: late! },
        ...{ goal: { atMost: 20 }, peer: { name: `${name}, at the same rate`, values: peerLate! } },
        note: 'OpenHIM and HAProxy are not measured: the former needs a MongoDB, the latter commits nothing; hand-over goes on meanwhile',
      },
      {
        ...{ ...common, what: `most accepted a second, ${clients} clients`, unit: '/s', values: most! },
        peer: { name, values: peerMost! },
        note: `median ${Math.round(median(most!))} accepted and handed over to an instant hospital by the same process`,
      },
    ]; // prettier-ignore
  },
};

/** All accepted, and none left that the next measurement would share the processor with. */
async function settled(
  stage: Parameters<typeof arrivalsOf>[0],
  sent: readonly Sent[],
): Promise<readonly Sent[]> {
  const orders = allAccepted(sent).map(({ order }) => order);
  const arrived = await arrivalsOf(stage, orders);
  if (arrived.size < orders.length) throw new Error(`${orders.length - arrived.size} did not arrive`);
  return sent;
}

async function peerAt(
  peer: Sender,
  next: () => BenchReferral,
  at: { perSecond: number; forMs: number },
): Promise<number> {
  return p95(allAccepted(await openLoop(peer, next, at)));
}

function rateOf(sent: readonly Sent[], forMs: number): number {
  return (1000 * allAccepted(sent).length) / forMs;
}

function p95(sent: readonly Sent[]): number {
  return quantile(
    sent.map(({ sentAt, answeredAt }) => answeredAt - sentAt),
    0.95,
  );
}
