/** P14: memory of an idle gateway. The other half, fifty documents of 20 MiB at once, is not measured yet. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { build } from '../gateway/build.ts';
import { postgresMiB, residentMiB } from '../gateway/memory.ts';
import { startGateway } from '../gateway/process.ts';
import { postReferral } from '../gateway/referral.ts';
import { setStage } from '../gateway/stage.ts';
import type { Scenario } from '../scenario.ts';

const idleMs = 10_000;

export const scenario: Scenario = {
  async run({ quick }) {
    await build();
    const stage = await setStage(join(import.meta.dirname, '../../examples/networks/*.yaml'));
    const idle: number[] = [];
    const used: number[] = [];
    const bare: number[] = [];
    const database: number[] = [];
    try {
      for (let n = 0; n < (quick ? 2 : 5); n += 1) {
        bare.push(await bareNodeMiB());
        const gateway = await startGateway(stage.configFile, stage.address);
        await sleep(idleMs);
        idle.push(residentMiB(gateway.pid));
        database.push((await postgresMiB(stage.databaseUrl)) ?? NaN);
        await postReferral(stage);
        used.push(residentMiB(gateway.pid));
        await gateway.stop();
      }
    } finally {
      await stage.close();
    }
    const common = { id: 'P14', unit: 'MiB', warmUp: 0 } as const;
    const limit = { name: 'Node with nothing loaded', values: bare };
    const measured = database.filter((value) => !Number.isNaN(value));
    return [
      { ...common, what: 'idle, 10 s after ready', values: idle, goal: { atMost: 100 }, limit },
      { ...common, what: 'after the first referral', values: used, limit },
      { ...common, what: 'PostgreSQL beside it', values: measured },
      {
        ...common,
        what: '50 documents of 20 MiB at once',
        values: [],
        goal: { atMost: 512 },
        note: 'not measured yet, nor growth over an hour',
      },
    ];
  },
};

/** Resident memory of a Node that has loaded nothing and waits. */
async function bareNodeMiB(): Promise<number> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], { stdio: 'ignore' });
  await sleep(500);
  const memory = residentMiB(child.pid!);
  child.kill();
  return memory;
}
