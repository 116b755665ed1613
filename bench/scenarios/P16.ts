/** P16: from the SIGKILL of a gateway under load to the next item at the fulfiller, and to the last that it had accepted. */
import { setTimeout as sleep } from 'node:timers/promises';
import { arrivalsOf } from '../gateway/arrivals.ts';
import { createSender, type Sender, type Sent } from '../gateway/load.ts';
import { startGateway } from '../gateway/process.ts';
import { type Served, serveReferrals } from '../gateway/served-stage.ts';
import { startQueue } from '../queues/queue-stage.ts';
import { isInstalled } from '../queues/queues.ts';
import type { Scenario } from '../scenario.ts';

const perSecond = 15;
/** A transaction takes the hospital so long; one whose sender was killed meanwhile does not count. */
const holdMs = 200;

type Running = { url: string; kill(): Promise<void> };
type Killed = { next: number[]; last: number[]; never: number };

export const scenario: Scenario = {
  async run({ quick, long }) {
    const stage = await serveReferrals('P16', { holdMs });
    const patienceMs = quick ? 6_000 : long ? 30_000 : 15_000;
    const [count, peerCount] = quick ? [2, 1] : long ? [30, 5] : [12, 2];
    const others = new Map<string, Killed>();
    let ours: Killed;
    try {
      let running: Running = { url: `${stage.address}/fhir`, kill: () => stage.gateway.kill() };
      const again = async (): Promise<Running> => {
        const gateway = await startGateway(stage.configFile, stage.address);
        return { url: `${stage.address}/fhir`, kill: () => gateway.kill() };
      };
      ours = await rounds(stage, { count, patienceMs }, running, again);
      for (const name of ['graphile-worker', 'pg-boss']) {
        if (!(await isInstalled(name))) continue;
        const start = async (): Promise<Running> => {
          const queue = await startQueue(name, stage.databaseUrl, stage.hospitals);
          return { url: queue.said, kill: () => queue.kill('SIGKILL') };
        };
        running = await start();
        others.set(name, await rounds(stage, { count: peerCount, patienceMs }, running, start));
      }
    } finally {
      await stage.close(); // every gateway was killed
    }
    const common = { id: 'P16', unit: 'ms', warmUp: 0 } as const;
    const peer = (name: string, of: 'next' | 'last') => {
      const killed = others.get(name);
      return killed ? { peer: { name, values: killed[of] } } : {};
    };
    const note = `${ours.never} of those accepted never arrived`;
    return [
      { ...common, what: 'SIGKILL to the next item at the fulfiller', values: ours.next, ...peer('graphile-worker', 'next') },
      { ...common, what: 'the same, slowest', values: [Math.max(...ours.next)], goal: { atMost: 5_000 } },
      { ...common, what: 'SIGKILL to the last item accepted before it', values: ours.last, goal: { atMost: 5_000 }, ...peer('graphile-worker', 'last'), note: `${note}; a process manager that starts it at once` },
      ...[...others].map(([name, { next, last, never }]) => ({
        ...{ ...common, what: `${name}: SIGKILL to the last item accepted before it`, values: last },
        note: `next item ${Math.round(Math.max(...next))} ms at most; ${never} had not arrived after ${patienceMs / 1000} s, when it was no longer waited for`,
      })),
    ]; // prettier-ignore
  },
};

async function rounds(
  stage: Served,
  { count, patienceMs }: { count: number; patienceMs: number },
  first: Running,
  again: () => Promise<Running>,
): Promise<Killed> {
  const killed: Killed = { next: [], last: [], never: 0 };
  let running = first;
  for (let n = 0; n < count; n += 1) {
    const under = load(stage, running.url);
    await sleep(1_000 + 500 * Math.random());
    await running.kill();
    const at = performance.timeOrigin + performance.now(); // it is gone: what arrives from now on is the next one's
    const before = await under.stop();
    running = await again();
    const after = load(stage, running.url);
    const accepted = before.filter(({ status, answeredAt }) => status === 200 && answeredAt <= at);
    await sleep(200);
    const arrived = await arrivalsOf(stage, accepted.map(({ order }) => order), patienceMs); // prettier-ignore
    const orders = (await after.stop()).filter(({ status }) => status === 200).map(({ order }) => order);
    for (const [order, when] of await arrivalsOf(stage, orders, 5_000)) arrived.set(order, when);
    const mine = accepted.flatMap(({ order }) => arrived.get(order) ?? []);
    killed.next.push(Math.min(...[...arrived.values()].filter((when) => when > at)) - at);
    killed.last.push(
      mine.length < accepted.length ? patienceMs : Math.max(0, ...mine.map((when) => when - at)),
    );
    killed.never += accepted.length - mine.length;
  }
  await running.kill();
  return killed;
}

/** Posts at a pace; whatever is refused or cut is not repeated, only what was accepted counts. */
function load(stage: Served, url: string): { stop(): Promise<Sent[]> } {
  const sender: Sender = createSender(url, stage.authorization, 32);
  const all: Promise<Sent>[] = [];
  const timer = setInterval(() => void all.push(sender.post(stage.next())), 1_000 / perSecond);
  return {
    async stop() {
      clearInterval(timer);
      const sent = await Promise.all(all);
      sender.close();
      return sent;
    },
  };
}
