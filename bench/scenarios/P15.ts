/** P15: how long the built gateway takes to be ready on a running database, and to end; what its first work costs. */
import { glob } from 'node:fs/promises';
import { join } from 'node:path';
import { HapiUnavailable, startHapi } from '../../test/hapi/start.ts';
import { build } from '../gateway/build.ts';
import { bundle, startGateway, timedNode } from '../gateway/process.ts';
import { postReferral } from '../gateway/referral.ts';
import { setStage } from '../gateway/stage.ts';
import type { Scenario } from '../scenario.ts';

const examples = join(import.meta.dirname, '../../examples/networks/*.yaml');

export const scenario: Scenario = {
  async run({ quick }) {
    await build();
    const networks = await Array.fromAsync(glob(examples));
    const stage = await setStage(examples);
    const [ready, processor, drained, bare, first, next, checked]: number[][] = [[], [], [], [], [], [], []];
    try {
      await (await startGateway(stage.configFile, stage.address)).stop(); // warm-up: migrations, file cache
      for (let n = 0; n < (quick ? 5 : 15); n += 1) {
        bare!.push(await timedNode(['-e', '0']));
        const gateway = await startGateway(stage.configFile, stage.address);
        ready!.push(gateway.readyMs);
        if (gateway.readyCpuMs !== undefined) processor!.push(gateway.readyCpuMs);
        first!.push(await postReferral(stage));
        next!.push(await postReferral(stage));
        drained!.push(await gateway.stop());
        if (n < (quick ? 3 : 5)) checked!.push(await timedNode([bundle, 'check', ...networks]));
      }
    } finally {
      await stage.close();
    }
    const hapi = quick ? [] : await hapiStarts();
    const common = { id: 'P15', unit: 'ms', warmUp: 1 } as const;
    const limit = { name: 'Node that does nothing, start to end', values: bare! };
    return [
      {
        ...{ ...common, what: 'start to ready', values: ready!, goal: { atMost: 500 }, limit },
        ...(hapi.length ? { peer: { name: 'HAPI FHIR JPA server, started once', values: hapi } } : {}),
      },
      { ...common, what: 'processor time to ready', values: processor! },
      { ...common, what: 'stop to drained', values: drained!, goal: { atMost: 2000 } },
      {
        ...{ ...common, what: 'first referral after ready, checked to its end', values: first! },
        note: 'the network is unknown there: judged against all its profiles, then refused, nothing stored',
      },
      { ...common, what: 'second referral', values: next! },
      { ...common, what: `check of the ${networks.length} example networks, a process of its own`, values: checked!, limit }, // prettier-ignore
    ];
  },
};

/** One start of HAPI; none where there is no JDK. */
async function hapiStarts(): Promise<number[]> {
  try {
    await (await startHapi()).stop(); // built and in the file cache, as the bundle is
    const start = performance.now();
    const hapi = await startHapi();
    const took = performance.now() - start;
    await hapi.stop();
    return [took];
  } catch (error) {
    if (error instanceof HapiUnavailable) return [];
    throw error;
  }
}
