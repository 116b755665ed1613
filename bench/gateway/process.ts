/** The built gateway as a child process: its time to ready, its memory, its end. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** The bundle that `npm run build` makes. */
export const bundle = join(import.meta.dirname, '../../dist/main.js');

/** What the launcher loads before it, in a package. */
const leanStart = join(import.meta.dirname, '../../bin/lean-start.cjs');

export type RunningGateway = {
  pid: number;
  /** Milliseconds from the spawn of the process to the first 200 of `/health/ready`. */
  readyMs: number;
  /** Milliseconds of processor time until then, which other programs disturb less; undefined where there is no `/proc`. */
  readyCpuMs: number | undefined;
  /** Asks it to end as a service manager would; answers the milliseconds until the process is gone. */
  stop(): Promise<number>;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
};

const askEveryMs = 5;
const startLimitMs = 60_000;

/** Starts `serve` with the configuration and waits until it is ready. Throws when it ends or takes a minute. */
export async function startGateway(configFile: string, address: string): Promise<RunningGateway> {
  const start = performance.now();
  const child = spawn(process.execPath, ['--require', leanStart, bundle, 'serve', '--config', configFile], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  while (!(await isReady(address))) {
    if (child.exitCode !== null || performance.now() - start > startLimitMs) {
      child.kill('SIGKILL');
      throw new Error(`the gateway did not become ready (exit ${child.exitCode ?? 'none'})`);
    }
    await sleep(askEveryMs);
  }
  const readyMs = performance.now() - start;
  const pid = child.pid!;
  return {
    ...{ pid, readyMs, readyCpuMs: processorMs(pid) },
    stop: () => stop(child),
    async kill() {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}

/**
 * Processor time of a process so far; undefined where there is no `/proc`. Linux counts it in hundredths of a second, in fields 14
 * and 15 of the process's status (proc(5)).
 */
export function processorMs(pid: number): number | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)!.split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return undefined;
  }
}

async function stop(child: ChildProcess): Promise<number> {
  const start = performance.now();
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  const [code] = (await gone) as [number | null];
  if (code !== 0) throw new Error(`the gateway ended with ${code ?? 'a signal'}`);
  return performance.now() - start;
}

function isReady(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    get(`${address}/health/ready`, { agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    }).on('error', () => resolve(false));
  });
}

/** Milliseconds from spawn to end of a Node program; it must end well. */
export async function timedNode(args: readonly string[], quiet = true): Promise<number> {
  const start = performance.now();
  const child = spawn(process.execPath, [...args], {
    stdio: ['ignore', quiet ? 'ignore' : 'inherit', 'inherit'],
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`node ${args.join(' ')} ended with ${code ?? 'a signal'}`);
  return performance.now() - start;
}
