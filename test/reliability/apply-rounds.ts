/** Kills a gateway while it publishes, restarts it and reads both hospitals. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Knowledge } from '../../src/gateway/knowledge.ts';
import type { ApplyResult, Plan } from '../../src/operations.ts';
import { startGateway } from './gateway-process.ts';
import { editNetworks, type Expected, expectedOf } from './networks.ts';
import { countPublished, type Faults, judgePublished } from './published.ts';
import type { Random } from './random.ts';
import { restart } from './restart.ts';
import type { Site } from './site.ts';
import type { Verdict } from './verdict.ts';

const settleLimitMs = 60_000;

export type ApplyRounds = {
  site: Site;
  knowledge: Knowledge;
  random: Random;
  times: number;
  tell: (verdict: Verdict) => void;
};

/** Plays the rounds. One publication that is not interrupted tells how long they take. */
export async function playApplyRounds({ site, knowledge, random, times, tell }: ApplyRounds): Promise<void> {
  let expected = await expectedOf(site.networks, knowledge, new Map());
  let gateway = startGateway(site.configFile);
  try {
    await settle(site, await gateway.ready);
    await editNetworks(site.networks, 0, random);
    expected = await expectedOf(site.networks, knowledge, expected);
    const began = performance.now();
    await settle(site, await gateway.ready);
    let usualMs = performance.now() - began;
    for (let round = 1; round <= times; round += 1) {
      await editNetworks(site.networks, round, random);
      expected = await expectedOf(site.networks, knowledge, expected);
      const atMs = Math.round(random.fraction() * 1.1 * usualMs);
      const applyBegan = performance.now();
      const applying = site.ask(await gateway.ready, 'apply', { confirm: true }).then(
        () => void (usualMs = Math.min(usualMs, performance.now() - applyBegan)), // it ended before the kill
        () => undefined,
      );
      await sleep(atMs);
      await gateway.kill();
      await applying;
      const reached = await reachedOf(site, expected);
      const restarted = performance.now();
      const back = await restart(site, random);
      gateway = back.gateway;
      const readyMs = Math.round(performance.now() - restarted);
      const stuck = await settle(site, await gateway.ready);
      const deliveredMs = Math.round(performance.now() - restarted);
      const faults = await judgeAll(site, expected);
      const open = await openAfter(site, await gateway.ready);
      tell({
        ...{ part: 'apply', round, fault: back.fault, atMs, reached, readyMs, deliveredMs },
        ...{ lost: faults.lost.length, duplicated: faults.duplicated.length + faults.surplus.length },
        ...{ wrong: faults.wrong.length, stuck: stuck.length + open.length },
        details: [...Object.values(faults).flat(), ...stuck, ...open].slice(0, 5),
      });
    }
  } finally {
    await gateway.stop();
  }
}

/** Applies as an operator would, again while something is still on its way; answers what does not come to rest. */
async function settle(site: Site, address: string): Promise<string[]> {
  const limit = performance.now() + settleLimitMs;
  for (;;) {
    const { servers } = await site.ask<ApplyResult>(address, 'apply', { confirm: true });
    const open = servers.filter(({ parked, waiting }) => parked + waiting > 0);
    if (open.length === 0) return [];
    if (performance.now() > limit)
      return open.map(({ server, parked, waiting }) => `${server}: ${parked} parked, ${waiting} waiting`);
    await sleep(500);
  }
}

/** A second plan that looks at everything afresh must have nothing to do. */
async function openAfter(site: Site, address: string): Promise<string[]> {
  const plan = await site.ask<Plan>(address, 'plan', { refresh: true });
  return plan.servers.flatMap(({ server, changes, issues }) => [
    ...changes
      .filter(({ op }) => op !== 'unchanged')
      .map(({ op, type, key }) => `plan ${server}: ${op} ${type} ${key}`),
    ...issues.filter(({ rule }) => rule !== 'same-key').map(({ message }) => `plan ${server}: ${message}`),
  ]);
}

async function reachedOf(site: Site, expected: Expected): Promise<string> {
  const counts = Object.values(site.hospitals).map((hospital) => countPublished(hospital, expected));
  return (await Promise.all(counts)).map((count) => `${count}/${expected.size}`).join(' and ');
}

async function judgeAll(site: Site, expected: Expected): Promise<Faults> {
  const all = await Promise.all(Object.values(site.hospitals).map((one) => judgePublished(one, expected)));
  const joined = (name: keyof Faults): string[] =>
    all.flatMap((faults, index) =>
      faults[name].map((what) => `${Object.keys(site.hospitals)[index]} ${name} ${what}`),
    );
  return {
    lost: joined('lost'),
    duplicated: joined('duplicated'),
    wrong: joined('wrong'),
    surplus: joined('surplus'),
  };
}
