/** P8: a delta of the national API under its quotas, a quarter of the answers 502, links that die. */
import type { Scenario } from '../scenario.ts';
import { freeGround, limits, pacedGround } from '../directory/api-ground.ts';
import { naiveLoop } from '../directory/naive-loop.ts';

type Paced = Awaited<ReturnType<typeof pacedGround>>;

const nothing = { has: () => false };

export const scenario: Scenario = {
  async run({ quick }) {
    const forMs = quick ? 20_000 : 65_000;
    const ground = await pacedGround(quick ? 12_000 : 60_000);
    try {
      const ours = await paced(ground, forMs);
      const peer = await peerPaced(ground, forMs);
      const again = await resumed(quick ? 3 : 10);
      const common = { id: 'P8', warmUp: 0 } as const;
      return [
        {
          ...{ ...common, what: 'share of the minute’s quota used', unit: '%', values: [ours.used] },
          ...{ goal: { atLeast: 95 }, peer: { name: 'naive loop with retry', values: [peer.used] } },
          note: `${ours.admitted} requests in ${Math.round(ours.ms / 1000)} s, ${ours.failed} of them answered 502; ${ours.rows} rows`,
        },
        {
          ...{ ...common, what: 'requests over a quota', unit: 'requests', values: [ours.over] },
          ...{ goal: { atMost: 0 }, peer: { name: 'naive loop with retry', values: [peer.over] } },
        },
        {
          ...{ ...common, what: 'pages asked for again after a kill', unit: 'pages', values: again },
          goal: { atMost: 1 },
          note: 'killed after 5, 10, … pages; without quotas: as much is under way as answers of this machine need',
        },
      ];
    } finally {
      await ground.emulator.stop();
    }
  },
};

/** Reads for a while, and tells what the server saw of it. */
async function paced({ emulator, cursor, open, clock }: Paced, forMs: number) {
  emulator.resetTraffic();
  const began = clock.now();
  let rows = 0;
  const signal = new AbortController().signal;
  const reading = open().read({ mode: 'delta', cursor, known: nothing, signal });
  for (let step = await clock.until(reading.next()); !step.done; step = await clock.until(reading.next())) {
    rows += step.value.rows;
    if (clock.now() - began >= forMs) break;
  }
  await clock.until(reading.return(undefined as never));
  const ms = clock.now() - began;
  const { admitted, refused, byStatus, peakAdmitted } = emulator.traffic();
  const used = (100 * (ms < 60_000 ? (admitted * 60_000) / ms : peakAdmitted.perMinute)) / limits.perMinute;
  return { used, ms, rows, admitted, failed: byStatus['502'] ?? 0, over: refused.quota };
}

async function peerPaced(
  { emulator, cursor, clock, fetch }: Paced,
  forMs: number,
): Promise<{ used: number; over: number }> {
  emulator.resetTraffic();
  const began = clock.now();
  const { base, key } = emulator;
  await clock.until(
    naiveLoop({ base, key, since: (cursor as { from: string }).from, forMs }, { clock, fetch }),
  );
  const { admitted, refused } = emulator.traffic();
  return { used: (100 * admitted * 60_000) / (clock.now() - began) / limits.perMinute, over: refused.quota };
}

/** For each kill: pages that both the killed reading and the resumed one were answered. */
async function resumed(kills: number): Promise<number[]> {
  const { emulator, cursor, open } = await freeGround(6000);
  const pagesOf = (): string[] =>
    emulator
      .traffic()
      .recent.filter(({ rows, status, path }) => status === 200 && (rows ?? 0) > 1 && path.includes('_page'))
      .map(({ path }) => path);
  const again: number[] = [];
  try {
    for (let kill = 1; kill <= kills; kill += 1) {
      emulator.resetTraffic();
      let [handed, checkpoint]: [number, unknown] = [0, undefined];
      const signal = new AbortController().signal;
      for await (const page of open().read({ mode: 'delta', cursor, known: nothing, signal })) {
        checkpoint = page.checkpoint;
        if ((handed += 1) === 5 * kill) break;
      }
      const before = new Set(pagesOf());
      emulator.resetTraffic();
      const rest = open().read({
        mode: 'delta',
        cursor,
        known: nothing,
        signal,
        resume: checkpoint as never,
      });
      for await (const page of rest) handed += page.rows ? 1 : 0;
      again.push(pagesOf().filter((path) => before.has(path)).length);
    }
  } finally {
    await emulator.stop();
  }
  return again;
}
