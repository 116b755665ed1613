/** The server of a data folder as its `postmaster.pid` tells it, also one that a killed gateway left behind. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { platform } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** The lines of `postmaster.pid` that we use (PostgreSQL's pidfile.h). */
export type Postmaster = { pid: number; data: string; socketFolder: string; status: string };

/** Reads `postmaster.pid`; undefined when there is none or it is not readable as one. */
export async function readPostmaster(data: string): Promise<Postmaster | undefined> {
  const text = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '');
  const [pid, path, , , socketFolder, , , status] = text.split('\n').map((line) => line.trim());
  if (!Number.isSafeInteger(Number(pid)) || Number(pid) < 1 || !path) return undefined;
  return { pid: Number(pid), data: path, socketFolder: socketFolder ?? '', status: status ?? '' };
}

/**
 * Makes a data folder free: a server left there by a killed gateway is shut down (it may be of another release, and
 * nobody would notice its end), and a file that names a process which is no server of this folder is removed.
 * Answers what was found.
 */
export async function clearPostmaster(data: string): Promise<'none' | 'stale' | 'stopped'> {
  const found = await readPostmaster(data);
  if (!found) return 'none';
  if (isServerOf(found)) {
    await stopProcess(found.pid);
    return 'stopped';
  }
  if (isAlive(found.pid)) await rm(join(data, 'postmaster.pid'), { force: true }); // its number was given to another program
  return 'stale';
}

/** Fast shutdown (SIGINT); a server that does not end in time is told to stop at once and will recover from its log. */
export async function stopProcess(pid: number, graceMs = 5000): Promise<void> {
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
    if (!sendSignal(pid, signal)) return;
    for (let waited = 0; waited < graceMs; waited += 10) {
      await sleep(10);
      if (!isAlive(pid)) return;
    }
  }
}

/** Is there such a process? One that belongs to somebody else counts. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function sendSignal(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

/** A killed server whose parent (in a container often nobody) has not yet collected it. */
function isZombie(pid: number): boolean {
  if (platform() !== 'linux') return false;
  try {
    return /^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

function isServerOf({ pid, data }: Postmaster): boolean {
  const command = commandOf(pid);
  return command.some((word) => basename(word).startsWith('postgres')) && command.includes(data);
}

function commandOf(pid: number): string[] {
  try {
    if (platform() === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    if (platform() === 'win32') return [];
    const line = execFileSync('ps', ['-ww', '-o', 'args=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    const [program, rest] = line.split(' -D ');
    return [program ?? '', rest?.split(' -c ')[0] ?? ''];
  } catch {
    return [];
  }
}
