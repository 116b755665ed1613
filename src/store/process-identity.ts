/** Tells a process from a later one with the same number. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { platform } from 'node:os';

/**
 * Start of a process in this machine's present run; undefined when there is no such process. Where the system does not
 * tell (Windows), `unknown` while the number is in use.
 */
export function processStart(pid: number): string | undefined {
  try {
    if (platform() === 'linux') return linuxStart(pid);
    process.kill(pid, 0);
    if (platform() === 'win32') return 'unknown';
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' ? 'unknown' : undefined;
  }
}

/** Start in ticks since boot (proc(5), stat, field 22) and the boot it counts from; a zombie is no process. */
function linuxStart(pid: number): string | undefined {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' '); // the name before may hold anything
  if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
  const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  return `${boot}/${fields[19]}`;
}
