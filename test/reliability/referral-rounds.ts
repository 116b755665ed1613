/** Kills a gateway, or its database, while a referral is posted and relayed, and counts at the fulfiller's server. */
import { isDeepStrictEqual } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Reply } from '../../src/demo/http.ts';
import type { ReconcileResult } from '../../src/operations.ts';
import { type GatewayProcess, startGateway } from './gateway-process.ts';
import { killPostgres } from './postgres-process.ts';
import type { Random } from './random.ts';
import {
  type Effects,
  effectsOf,
  fillerOrders,
  type FreshReferral,
  onceEach,
  referralMaker,
} from './referrals.ts';
import { restart } from './restart.ts';
import type { Site } from './site.ts';
import type { Verdict } from './verdict.ts';

/** Within this time of readiness (or of the answer, when that came later) a referral is delivered, or else listed. */
const promiseMs = 5_000;
/** What is not there so long after its answer will not come any more. */
const patienceMs = 20_000;

export type ReferralRounds = {
  site: Site;
  random: Random;
  times: number;
  /** Part of every identifier, so that runs against one hospital do not meet. */
  name: string;
  tell: (verdict: Verdict) => void;
};

/** Plays the rounds, then counts once more over all of them. The networks must be published or publishable. */
export async function playReferralRounds({ site, random, times, name, tell }: ReferralRounds): Promise<void> {
  const make = referralMaker(name);
  const posted: FreshReferral[] = [];
  let gateway = startGateway(site.configFile);
  try {
    await site.ask(await gateway.ready, 'apply', { confirm: true });
    const usual = await usualTimes(site, await gateway.ready, make);
    for (let round = 1; round <= times; round += 1) {
      const referral = make();
      posted.push(referral);
      const played = await play(site, gateway, referral, random, usual);
      gateway = played.gateway;
      tell({ part: 'referral', round, ...played.verdict });
    }
    tell({ part: 'count', round: times, ...(await countAll(site, posted)) });
  } finally {
    await gateway.stop();
  }
}

type Played = { gateway: GatewayProcess; verdict: Omit<Verdict, 'part' | 'round'> };

async function play(
  site: Site,
  before: GatewayProcess,
  referral: FreshReferral,
  random: Random,
  usual: Usual,
): Promise<Played> {
  const address = await before.ready;
  const { posting, moment } = await untilMoment(site, address, referral, random, usual);
  const databaseOnly = random.chance(0.15) && (await killPostgres(site.folder));
  if (!databaseOnly) await before.kill();
  const first = await posting;
  const wasThere = isWhole(await effectsOf(site.hospitals.ville, referral));
  const restarted = performance.now();
  const accepted = Promise.withResolvers<void>();
  const arrival = arrivalOf(site, referral, accepted.promise);
  const { gateway, fault } = databaseOnly
    ? { gateway: before, fault: 'kill -9 of postmaster' }
    : await restart(site, random);
  const readyMs = Math.round(performance.now() - restarted);
  const answer = isAccepted(first) ? first : await postUntilAccepted(site, await gateway.ready, referral);
  accepted.resolve();
  const promised = performance.now() + promiseMs;
  const arrived = await arrival;
  const again = await postUntilAccepted(site, await gateway.ready, referral);
  const effects = await effectsOf(site.hospitals.ville, referral);
  const inTime = isWhole(effects) && arrived <= promised;
  const listed = !inTime && (await isListed(site, await gateway.ready));
  const wrong = isDeepStrictEqual(again?.resource, answer?.resource) ? [] : ['the second answer differs'];
  if (first?.status === 500) wrong.push('answered 500');
  return {
    gateway,
    verdict: {
      ...{ fault, atMs: moment, reached: first ? `answered ${first.status}` : 'no answer', readyMs },
      lost: isWhole(effects) || listed ? 0 : 1,
      duplicated: isDoubled(effects) ? 1 : 0,
      ...{ wrong: wrong.length, stuck: isWhole(effects) && !inTime && !listed ? 1 : 0 },
      details: [JSON.stringify(effects), ...wrong],
      ...(wasThere || arrived === Infinity ? {} : { deliveredMs: Math.round(arrived - restarted) }),
    },
  };
}

/** Milliseconds that a referral takes on a gateway just started: to be answered, then to be delivered. */
type Usual = { answerMs: number; deliveryMs: number };

/**
 * Posts the referral and waits for a moment by chance: from just before the post until its answer, between the answer
 * and the delivery, or any of these until after the delivery.
 */
async function untilMoment(
  site: Site,
  address: string,
  referral: FreshReferral,
  random: Random,
  usual: Usual,
): Promise<{ posting: Promise<Reply | undefined>; moment: number }> {
  const began = performance.now();
  const sincePost = (): number => Math.round(performance.now() - began);
  const timed = async (): Promise<Reply | undefined> => {
    const reply = await post(site, address, referral);
    if (isAccepted(reply)) usual.answerMs = Math.min(usual.answerMs, sincePost());
    return reply;
  };
  if (random.chance(0.4)) {
    const posting = timed();
    await posting;
    await sleep(random.fraction() * usual.deliveryMs);
    return { posting, moment: sincePost() };
  }
  const latest = random.chance(0.6) ? usual.answerMs : 1.2 * (usual.answerMs + usual.deliveryMs);
  const moment = Math.round(-30 + random.fraction() * (latest + 30));
  const posting = sleep(Math.max(0, -moment)).then(timed);
  await sleep(Math.max(0, moment));
  return { posting, moment };
}

/** Undefined when the connection was refused or cut. */
async function post(site: Site, address: string, { bundle }: FreshReferral): Promise<Reply | undefined> {
  return site
    .placer(address)
    .post('', bundle)
    .catch(() => undefined);
}

function isAccepted(reply: Reply | undefined): boolean {
  return reply !== undefined && reply.status >= 200 && reply.status < 300;
}

/** A placer that got no answer, or a 503, posts again. */
async function postUntilAccepted(
  site: Site,
  address: string,
  referral: FreshReferral,
): Promise<Reply | undefined> {
  const limit = performance.now() + patienceMs;
  for (;;) {
    const reply = await post(site, address, referral);
    if (isAccepted(reply) || performance.now() > limit) return reply;
    await sleep(200);
  }
}

/**
 * When the referral was first whole at the fulfiller's server; infinite when it is not in time, which begins when the sender
 * has its answer: a gateway that is slow to start again has promised nothing yet.
 */
async function arrivalOf(
  site: Site,
  referral: FreshReferral,
  accepted: Promise<void> = Promise.resolve(),
): Promise<number> {
  let limit = performance.now() + 6 * patienceMs;
  void accepted.then(() => (limit = performance.now() + patienceMs));
  while (performance.now() < limit) {
    if (isWhole(await effectsOf(site.hospitals.ville, referral))) return performance.now();
    await sleep(50);
  }
  return Infinity;
}

function isWhole(effects: Effects): boolean {
  return Object.values(effects).every((count) => count >= 1);
}

function isDoubled(effects: Effects): boolean {
  return Object.values(effects).some((count) => count > 1);
}

async function isListed(site: Site, address: string): Promise<boolean> {
  return (await site.ask<ReconcileResult>(address, 'reconcile')).clinical.length > 0;
}

/** Two referrals without any fault: the first on a gateway just started, the second when nothing is left to load. */
async function usualTimes(site: Site, address: string, make: () => FreshReferral): Promise<Usual> {
  const [first, second] = [await timesOf(site, address, make()), await timesOf(site, address, make())];
  return { answerMs: first.answerMs, deliveryMs: 1.5 * second.deliveryMs };
}

async function timesOf(site: Site, address: string, referral: FreshReferral): Promise<Usual> {
  const began = performance.now();
  const reply = await post(site, address, referral);
  if (!isAccepted(reply))
    throw new Error(`referral refused: ${JSON.stringify(reply?.resource).slice(0, 800)}`);
  const answered = performance.now();
  const arrived = await arrivalOf(site, referral);
  if (arrived === Infinity) throw new Error('a referral without any fault was not delivered');
  return { answerMs: answered - began, deliveryMs: arrived - answered };
}

/** What came late, twice or never is found here whatever the rounds saw. */
async function countAll(
  site: Site,
  posted: readonly FreshReferral[],
): Promise<Omit<Verdict, 'part' | 'round'>> {
  const orders = await fillerOrders(site.hospitals.ville);
  const effects = await Promise.all(posted.map((one) => effectsOf(site.hospitals.ville, one)));
  const bad = posted.filter((_, index) => !isDeepStrictEqual(effects[index], onceEach));
  return {
    ...{ fault: 'none, all counted again', atMs: 0, reached: `${orders.size} orders` },
    lost: effects.filter((one) => !isWhole(one)).length,
    duplicated: effects.filter(isDoubled).length,
    ...{ wrong: 0, stuck: 0, details: bad.map(({ order }) => order).slice(0, 5) },
  };
}
