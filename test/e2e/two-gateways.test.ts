/** Two gateways, each its own process, on one database: who does what once, and what a paused one may still do. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunSummary } from '../../src/operations.ts';
import { type Hospital, startHospital } from '../../src/sandbox/hospital.ts';
import { freshDatabase, type TestDatabase } from '../database.ts';
import { type GatewayProcess, startGateway } from '../reliability/gateway-process.ts';
import { effectsOf, type FreshReferral, onceEach, referralMaker } from '../reliability/referrals.ts';
import { makeSite, type Site } from '../reliability/site.ts';

const limitMs = 120_000;
const hourMs = 3_600_000;
const jobs = ['publish', 'probe'];

let database: TestDatabase;
let psychiatrie: Hospital;
let ville: Hospital;
let site: Site;
let first: GatewayProcess;
let second: GatewayProcess;

beforeAll(async () => {
  [database, psychiatrie, ville] = await Promise.all([
    freshDatabase(),
    startHospital({ name: 'psychiatrie', ids: 'client' }),
    startHospital({ name: 'ville', ids: 'client' }),
  ]);
  const due = new Date(Date.now() - 12 * hourMs); // far from the night before and from the next
  const cron = `${due.getUTCMinutes()} ${due.getUTCHours()} * * *`;
  const schedules = jobs.map((job) => ({ job, cron, zone: 'UTC' }));
  const known = new Date(Date.now() - 48 * hourMs); // two nights passed since, and no gateway ran
  for (const { job, zone } of schedules) await database.store.jobs.register({ name: job, cron, zone }, known);
  site = await makeSite({
    psychiatrie: { base: psychiatrie.base, ids: 'client' },
    ville: { base: ville.base, ids: 'client' },
    ...{ databaseUrl: database.url, schedules, log: 'info' },
  });
  [first, second] = [startGateway(site.configFile), startGateway(site.configFile)];
  await Promise.all([first.ready, second.ready]);
}, limitMs);

afterAll(async () => {
  await Promise.all([first.kill(), second.kill()]);
  await site.remove();
  await Promise.all([psychiatrie.close(), ville.close(), database.close()]);
}, limitMs);

describe('a night missed while both gateways were down', () => {
  it(
    'is caught up once, by one of them; the night before is recorded as missed',
    async () => {
      for (const job of jobs) {
        while (!(await database.store.jobs.occasions(job)).some(({ state }) => state === 'done'))
          await sleep(50);
        const occasions = await database.store.jobs.occasions(job);
        expect(occasions).toMatchObject([
          { state: 'done', attempt: 1 },
          { state: 'missed', result: { reason: 'down' } },
        ]);
      }
      const runs = await site.ask<RunSummary[]>(await second.ready, 'history');
      expect(runs).toMatchObject([{ kind: 'apply', actor: 'schedule', status: 'done' }]);
    },
    limitMs,
  );
});

describe('a gateway paused for longer than its lease while it sends a referral', () => {
  it(
    'cannot complete, nor set back what the fulfiller did since, at whatever request it was paused',
    async () => {
      const make = referralMaker('DEUX');
      const requests = await requestsOf(make());
      expect(requests).toBeGreaterThan(1);
      for (let point = 0; point < requests; point += 1) await pauseAt(point, make());
    },
    limitMs,
  );
});

/** How many requests reach the fulfiller's server for one undisturbed referral; the last one writes. */
async function requestsOf(referral: FreshReferral): Promise<number> {
  let requests = 0;
  ville.setFaults(() => void (requests += 1));
  await frozen(second, async () => {
    expect((await site.placer(await first.ready).post('', referral.bundle)).status).toBe(200);
    await untilDelivered(referral);
  });
  return requests;
}

/**
 * Pauses the first gateway at its request number `point`, which is still carried out; lets the second one deliver and
 * the fulfiller go on; then wakes the first.
 */
async function pauseAt(point: number, referral: FreshReferral): Promise<void> {
  let requests = 0;
  await frozen(second, async () => {
    ville.setFaults(() => {
      if (requests === point) first.signal('SIGSTOP');
      requests += 1;
      return undefined;
    });
    expect((await site.placer(await first.ready).post('', referral.bundle)).status).toBe(200);
    while (requests <= point) await sleep(10);
  });
  await untilDelivered(referral);
  await acceptTask(referral);
  const before = lines(first, 'delivery.lost');
  first.signal('SIGCONT');
  while (lines(first, 'delivery.lost') === before) await sleep(50);

  expect(await effectsOf(site.hospitals.ville, referral)).toEqual(onceEach);
  expect(await taskOf(referral)).toMatchObject({ status: 'accepted', meta: { versionId: '2' } });
  expect(await itemsOf(referral)).toEqual([{ state: 'delivered', attempts: 2 }]);
}

/** Runs work while a gateway is paused, so that only the other one can take what comes. */
async function frozen(gateway: GatewayProcess, work: () => Promise<void>): Promise<void> {
  gateway.signal('SIGSTOP');
  try {
    await work();
  } finally {
    gateway.signal('SIGCONT');
  }
}

async function untilDelivered(referral: FreshReferral): Promise<void> {
  while ((await itemsOf(referral)).some(({ state }) => state !== 'delivered')) await sleep(50);
}

/** The fulfiller moves its Task on: setting it back would be a second effect. */
async function acceptTask(referral: FreshReferral): Promise<void> {
  const task = await taskOf(referral);
  const { status } = await site.hospitals.ville.put(`Task/${task.id}`, { ...task, status: 'accepted' });
  expect(status).toBe(200);
}

async function taskOf({ task }: FreshReferral) {
  const [found] = await site.hospitals.ville.all(`Task?identifier=${task}`);
  return found!;
}

async function itemsOf({ order }: FreshReferral) {
  return database.store.db
    .selectFrom('outbox as o')
    .innerJoin('referral as r', (join) =>
      join.onRef('r.tenant', '=', 'o.tenant').onRef('r.id', '=', 'o.referral_id'),
    )
    .where('r.order_key', 'like', `%|${order}`)
    .select(['o.state', 'o.attempts'])
    .execute();
}

function lines(gateway: GatewayProcess, event: string): number {
  return gateway.log().filter((line) => line.includes(`"${event}"`)).length;
}
