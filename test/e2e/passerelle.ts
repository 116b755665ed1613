/** The program as a person or a script runs it: `node bin/passerelle.cjs …` in a folder of its own. */
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** The checkout. */
export const root = resolve(import.meta.dirname, '../..');

/** How many networks the examples are. */
export const exampleNetworks = readdirSync(join(root, 'examples/networks')).filter((file) =>
  file.endsWith('.yaml'),
).length;

export type Ran = { code: number | null; stdout: string; stderr: string };

export type Running = {
  pid: number;
  /** Everything it printed so far, on both streams. */
  printed(): string;
  /** Waits until it printed something like this; throws with what it printed when it ends before. */
  until(pattern: RegExp): Promise<RegExpExecArray>;
  signal(signal: NodeJS.Signals): void;
  ended: Promise<Ran>;
};

export type Where = { cwd: string; env?: Record<string, string> };

/** Starts the program. Only the given environment reaches it: no DATABASE_URL of the test run. */
export function start(args: readonly string[], { cwd, env = {} }: Where): Running {
  const child = spawn(process.execPath, [join(root, 'bin', 'passerelle.cjs'), ...args], {
    cwd,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  const watchers = new Set<() => void>();
  const told = () => watchers.forEach((look) => look());
  child.stdout.on('data', (chunk: Buffer) => ((stdout += chunk.toString()), told()));
  child.stderr.on('data', (chunk: Buffer) => ((stderr += chunk.toString()), told()));
  const ended = new Promise<Ran>((done) => child.once('close', (code) => done({ code, stdout, stderr })));
  return {
    pid: child.pid!,
    printed: () => stdout + stderr,
    until: (pattern) =>
      new Promise((found, failed) => {
        const look = () => {
          const match = pattern.exec(stdout + stderr);
          if (!match) return;
          watchers.delete(look);
          found(match);
        };
        watchers.add(look);
        look();
        void ended.then(() => failed(new Error(`ended without ${String(pattern)}:\n${stdout}${stderr}`)));
      }),
    signal: (signal) => void child.kill(signal),
    ended,
  };
}

/** Runs one command to its end. */
export function passerelle(args: readonly string[], where: Where): Promise<Ran> {
  return start(args, where).ended;
}

/** An empty working folder; `remove` it at the end. */
export async function workFolder(): Promise<{ folder: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'passerelle-e2e-'));
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}
