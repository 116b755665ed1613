/** kill -9 between accept and delivery while the fulfiller's server cannot be reached. */
import { afterEach, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ReconcileResult } from '../../src/operations.ts';
import { type Hospital, startHospital } from '../../src/sandbox/hospital.ts';
import { type GatewayProcess, startGateway } from './gateway-process.ts';
import { effectsOf, onceEach, referralMaker } from './referrals.ts';
import { makeSite, type Site } from './site.ts';

const limitMs = 120_000;
const endings: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

async function hospital(ids: 'client' | 'server', port = 0): Promise<Hospital> {
  const started = await startHospital({ name: ids, ids, port });
  endings.push(() => started.close());
  return started;
}

function gatewayOn(site: Site): GatewayProcess {
  const gateway = startGateway(site.configFile);
  endings.push(() => gateway.stop());
  return gateway;
}

describe('a referral accepted while the server of its fulfiller is down', () => {
  it.each(['client', 'server'] as const)(
    'is listed while it waits, and delivered once although the gateway is killed meanwhile (ids: %s)',
    async (ids) => {
      const psychiatrie = await hospital('client');
      const ville = await hospital(ids);
      const site = await makeSite({
        psychiatrie: { base: psychiatrie.base, ids: 'client' },
        ville: { base: ville.base, ids },
      });
      endings.push(() => site.remove());
      const before = gatewayOn(site);
      const address = await before.ready;
      await site.ask(address, 'apply', { confirm: true });
      await ville.close();

      const referral = referralMaker(`FERME-${ids}`)();
      expect((await site.placer(address).post('', referral.bundle)).status).toBe(200);
      const waiting = await gapWithReason(site, address);
      expect(waiting).toMatchObject([{ server: 'ville', kind: 'relay-referral' }]);
      await before.kill();

      await hospital(ids, Number(new URL(ville.base).port));
      const after = await gatewayOn(site).ready;
      while (!(await effectsOf(site.hospitals.ville, referral)).tasks) await sleep(50);
      while ((await clinicalGaps(site, after)).length) await sleep(50);
      expect(await effectsOf(site.hospitals.ville, referral)).toEqual(onceEach);
      expect((await site.placer(after).post('', referral.bundle)).status).toBe(200);
      expect(await effectsOf(site.hospitals.ville, referral)).toEqual(onceEach);
    },
    limitMs,
  );
});

/** Waits for the first attempt: until then the reason is that it waits in the queue. */
async function gapWithReason(site: Site, address: string): Promise<ReconcileResult['clinical']> {
  for (;;) {
    const gaps = await clinicalGaps(site, address);
    if (gaps.some(({ reason }) => /ne répond pas|connexion|refus/i.test(reason))) return gaps;
    await sleep(50);
  }
}

async function clinicalGaps(site: Site, address: string): Promise<ReconcileResult['clinical']> {
  const { clinical } = await site.ask<ReconcileResult>(address, 'reconcile', { server: 'ville' });
  return clinical;
}
