/** P14: memory of an idle gateway, and of one that is sent fifty documents of 20 MiB at once. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { build } from '../gateway/build.ts';
import { type Flood, postDocuments } from '../gateway/documents.ts';
import { postgresMiB, residentMiB } from '../gateway/memory.ts';
import { startGateway } from '../gateway/process.ts';
import { postReferral } from '../gateway/referral.ts';
import { setStage } from '../gateway/stage.ts';
import type { Scenario } from '../scenario.ts';

const idleMs = 10_000;

/** Memory that grows from one to the next would show. */
const floodsInARow = 2;

/** The largest body that a gateway takes by its usual limits. */
const documentBytes = 20 * 1024 * 1024;

export const scenario: Scenario = {
  async run({ quick }) {
    await build();
    const stage = await setStage(join(import.meta.dirname, '../../examples/networks/*.yaml'));
    const idle: number[] = [];
    const used: number[] = [];
    const bare: number[] = [];
    const database: number[] = [];
    const floods: Flood[] = [];
    try {
      for (let n = 0; n < (quick ? 2 : 5); n += 1) {
        bare.push(await bareNodeMiB());
        const gateway = await startGateway(stage.configFile, stage.address);
        await sleep(idleMs);
        idle.push(residentMiB(gateway.pid));
        database.push((await postgresMiB(stage.databaseUrl)) ?? NaN);
        await postReferral(stage);
        used.push(residentMiB(gateway.pid));
        if (n === 0)
          for (let m = 0; m < floodsInARow; m += 1)
            floods.push(await postDocuments(stage, gateway.pid, 50, documentBytes));
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
        values: floods.map(({ peakMiB }) => peakMiB),
        goal: { atMost: 512 },
        note: `${floodsInARow} times in a row at one gateway; answered ${answersOf(floods)}: each read, judged and taken apart, then refused for the referral it names, which a fresh gateway does not know; not stored`,
      },
      {
        ...{ id: 'P14', warmUp: 0, unit: 'ms', what: 'the last of the 50 answered' },
        values: floods.map(({ slowestMs }) => slowestMs),
        goal: { atMost: 60_000 },
      },
    ];
  },
};

/** `50 × 404`, by status. */
function answersOf(floods: readonly Flood[]): string {
  const counts = Map.groupBy(
    floods.flatMap(({ statuses }) => statuses),
    (status) => status,
  );
  return [...counts].map(([status, all]) => `${all.length} × ${status}`).join(', ');
}

/** Resident memory of a Node that has loaded nothing and waits. */
async function bareNodeMiB(): Promise<number> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], { stdio: 'ignore' });
  await sleep(500);
  const memory = residentMiB(child.pid!);
  child.kill();
  return memory;
}
