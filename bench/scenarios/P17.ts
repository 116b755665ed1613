/** P17: twenty hospitals that answer and one that is dead: what the twenty notice of it, and how often the dead one is tried. */
import { arrivalsOf } from '../gateway/arrivals.ts';
import { startChild } from '../gateway/child.ts';
import { allAccepted, openLoop, type Sender } from '../gateway/load.ts';
import { type MortalHospital, startMortalHospital } from '../gateway/mortal-hospital.ts';
import { type Served, serveReferrals } from '../gateway/served-stage.ts';
import type { Scenario } from '../scenario.ts';
import { quantile } from '../statistics.ts';
import { join } from 'node:path';

const healthy = 20;
const perSecond = 12;
/** Of so many referrals one is for the hospital that dies. */
const oneIn = 12;
/** Tries this close together are one probe: a read is repeated twice at once. */
const probeMs = 5_000;
/** Until the dead one is known to be dead. */
const settleMs = 10_000;

export const scenario: Scenario = {
  async run({ quick, long }) {
    const behind = await startChild([join(import.meta.dirname, '../gateway/instant-hospital.ts')]);
    const mortal = await startMortalHospital(`${behind.said}/last/fhir`);
    const stage = await serveReferrals('P17', { fulfillers: healthy + 1, lastBase: mortal.base });
    const sender = stage.sender(32);
    const [rounds, aliveMs, deadMs] = quick
      ? [1, 4_000, 12_000]
      : long
        ? [5, 30_000, 100_000]
        : [2, 30_000, 45_000];
    const [alone, beside, moved, probes]: number[][] = [[], [], [], []];
    try {
      await phase(stage, sender, 4_000);
      for (let n = 0; n < rounds; n += 1) {
        const before = await phase(stage, sender, aliveMs);
        const { p99, probed } = await whileDead(stage, sender, mortal, deadMs);
        alone!.push(before);
        beside!.push(p99);
        moved!.push(100 * (p99 / before - 1));
        probes!.push(probed);
      }
    } finally {
      sender.close();
      await stage.end();
      await mortal.close();
      await behind.kill();
    }
    const common = { id: 'P17', warmUp: 1 } as const;
    const what = `POST to arrival at ${healthy} healthy hospitals, 99th percentile`;
    return [
      { ...common, what: `${what}, one more dead, against all alive`, unit: '%', values: moved!, goal: { atMost: 5 } },
      { ...common, what: `${what}, one more dead`, unit: 'ms', values: beside!, peer: { name: 'the same, all alive', values: alone! } },
      {
        ...{ ...common, what: 'probes of the dead one in any 30 s', unit: 'requests', values: probes!, goal: { atMost: 1 } },
        note: `the most, from ${settleMs / 1000} s after its death on; a probe is what comes within ${probeMs / 1000} s`,
      },
    ]; // prettier-ignore
  },
};

/** The 99th percentile at the healthy ones. */
async function phase(stage: Served, sender: Sender, forMs: number): Promise<number> {
  const forMortal = new Set<string>();
  let number = 0;
  const next = () => {
    number += 1;
    const mortal = number % oneIn === 0;
    const referral = stage.next(stage.networks[mortal ? healthy : number % healthy]);
    if (mortal) forMortal.add(referral.order);
    return referral;
  };
  const sent = allAccepted(await openLoop(sender, next, { perSecond, forMs }));
  const counted = sent.filter(({ order }) => !forMortal.has(order));
  const arrived = await arrivalsOf(stage, counted.map(({ order }) => order)); // prettier-ignore
  if (arrived.size < counted.length) throw new Error(`${counted.length - arrived.size} did not arrive`);
  return quantile(
    counted.map(({ order, sentAt }) => arrived.get(order)! - sentAt),
    0.99,
  );
}

async function whileDead(
  stage: Served,
  sender: Sender,
  mortal: MortalHospital,
  forMs: number,
): Promise<{ p99: number; probed: number }> {
  mortal.set(false);
  mortal.take();
  await phase(stage, sender, settleMs);
  mortal.take();
  const p99 = await phase(stage, sender, forMs);
  const tries = mortal.take();
  const probes = tries.filter((at, index) => index === 0 || at - tries[index - 1]! > probeMs);
  // A count over the whole time would depend on where its ends fall between two probes.
  const probed = Math.max(
    0,
    ...probes.map((at) => probes.filter((one) => one >= at && one < at + 30_000).length),
  );
  mortal.set(true);
  await phase(stage, sender, 2_000); // what had to wait goes out when the next probe is answered
  return { p99, probed };
}
