/** Where and with what a run was made: without it a figure says nothing. */
import { execFileSync } from 'node:child_process';
import { cpus, loadavg, platform, release, totalmem } from 'node:os';
import manifest from '../package.json' with { type: 'json' };

export type Machine = {
  cpu: string;
  cores: number;
  memoryGiB: number;
  kernel: string;
  node: string;
  passerelle: string;
  /** Of the checkout; `+` when files differ from it. */
  commit: string;
  /** Mean number of busy processes in the minute before: above the number of cores, others were at work. */
  load: number;
  date: string;
};

export function thisMachine(): Machine {
  const processors = cpus();
  return {
    cpu: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: `${platform()} ${release()}`,
    node: process.version,
    passerelle: manifest.version,
    commit:
      git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain', 'src', 'profiles') ? '+' : ''),
    load: Math.round((loadavg()[0] ?? 0) * 10) / 10,
    date: new Date().toISOString().slice(0, 16).replace('T', ' '),
  };
}

function git(...args: string[]): string {
  try {
    return execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return ''; // not a checkout: a package or an archive
  }
}
