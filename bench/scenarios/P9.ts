/** P9: one referral after the other, one client: until it is accepted, and from then until it is at the fulfiller's. */
import { join } from 'node:path';
import pg from 'pg';
import { HapiUnavailable, startHapi } from '../../test/hapi/start.ts';
import { arrivalsOf } from '../gateway/arrivals.ts';
import { startChild } from '../gateway/child.ts';
import { type BenchReferral, referralSource } from '../gateway/fresh-referrals.ts';
import { allAccepted, createSender, type Sender, type Sent } from '../gateway/load.ts';
import { type Served, serveReferrals } from '../gateway/served-stage.ts';
import type { Scenario } from '../scenario.ts';
import { median, quantile } from '../statistics.ts';

/** What the goal gives the gateway beside the commit, and how many times that the slowest of a hundred may take. */
const besideCommitMs = 2;
const slowest = 5;

export const scenario: Scenario = {
  async run({ quick }) {
    const stage = await serveReferrals('P9');
    const [rounds, each, warmUp] = quick ? [2, 20, 20] : [7, 100, 200];
    const bare = await startChild([join(import.meta.dirname, '../queues/bare-commit.ts'), stage.databaseUrl]);
    const sender = stage.sender(1);
    const peer = createSender(bare.said, '', 1);
    const [accept, slow, over, commits, bares]: number[][] = [[], [], [], [], []];
    try {
      await play(stage, sender, warmUp);
      await oneByOne(peer, stage.next, warmUp);
      for (let n = 0; n < rounds; n += 1) {
        const { accepted, handed } = await play(stage, sender, each);
        accept!.push(median(accepted));
        slow!.push(quantile(accepted, 0.99));
        over!.push(median(handed));
        bares!.push(median(timesOf(await oneByOne(peer, stage.next, each))));
        commits!.push(await commitMs(stage.databaseUrl, each, stage.next));
      }
    } finally {
      for (const one of [sender, peer]) one.close();
      await bare.kill();
      await stage.end();
    }
    const bound = median(commits!) + besideCommitMs;
    const common = { id: 'P9', unit: 'ms', warmUp: 1 } as const;
    const limit = { name: 'one row of the same bytes committed', values: commits! };
    const nearest = { name: 'Node server that only commits the body', values: bares! };
    const hapi = quick ? [] : await atHapi();
    return [
      {
        ...{
          ...common,
          what: 'accept: POST to 2xx, one client, median',
          values: accept!,
          limit,
          peer: nearest,
        },
        ...{
          goal: { atMost: bound },
          note: `goal: the commit of this run and ${besideCommitMs} ms; ${each} referrals a run`,
        },
      },
      { ...common, what: 'accept, 99th percentile', values: slow!, goal: { atMost: slowest * bound }, limit },
      {
        ...{ ...common, what: 'hand-over: 2xx to the request at the fulfiller, median', values: over! },
        ...{
          goal: { atMost: 10 },
          note: 'the patient is looked for there first; the request is the transaction',
        },
      },
      { ...common, what: 'the same transaction posted to HAPI directly, median', values: hapi, note: hapi.length ? 'beside, no goal' : 'not measured: no HAPI, or a quick run' }, // prettier-ignore
    ];
  },
};

/** Each posted, waited for at the fulfiller, and only then the next. */
async function play(
  stage: Served,
  sender: Sender,
  count: number,
): Promise<{ accepted: number[]; handed: number[] }> {
  const [accepted, handed]: number[][] = [[], []];
  for (let n = 0; n < count; n += 1) {
    const [sent] = allAccepted([await sender.post(stage.next())]) as [Sent];
    const at = (await arrivalsOf(stage, [sent.order])).get(sent.order);
    if (at === undefined) throw new Error(`${sent.order} did not arrive`);
    accepted!.push(sent.answeredAt - sent.sentAt);
    handed!.push(Math.max(0, at - sent.answeredAt));
  }
  return { accepted: accepted!, handed: handed! };
}

async function oneByOne(sender: Sender, next: () => BenchReferral, count: number): Promise<readonly Sent[]> {
  const sent: Sent[] = [];
  for (let n = 0; n < count; n += 1) sent.push(await sender.post(next()));
  return allAccepted(sent);
}

function timesOf(sent: readonly Sent[]): number[] {
  return sent.map(({ sentAt, answeredAt }) => answeredAt - sentAt);
}

/** Median of single inserts, each its own transaction, over one connection. */
async function commitMs(databaseUrl: string, count: number, next: () => BenchReferral): Promise<number> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const times: number[] = [];
  for (let n = 0; n < count; n += 1) {
    const { body } = next();
    const start = performance.now();
    await client.query('insert into bench_bare (body) values ($1)', [body]);
    times.push(performance.now() - start);
  }
  await client.end();
  return median(times);
}

/** Medians of three times fifty posts; none where there is no JDK. */
async function atHapi(): Promise<number[]> {
  try {
    const hapi = await startHapi();
    const sender = createSender(hapi.base, '', 1);
    const next = referralSource('HAPI');
    await oneByOne(sender, next, 50);
    const medians: number[] = [];
    for (let n = 0; n < 3; n += 1) medians.push(median(timesOf(await oneByOne(sender, next, 50))));
    sender.close();
    await hapi.stop();
    return medians;
  } catch (error) {
    if (error instanceof HapiUnavailable) return [];
    throw error;
  }
}
