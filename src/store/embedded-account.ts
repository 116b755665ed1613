/**
 * PostgreSQL refuses to run as root. Where the gateway runs as root (containers, CI), its server runs under another
 * account without asking anybody to create one; docs/decisions/0003-embedded-postgresql.md says why in this order.
 */
import { execFile, spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { chmod, chown, lchown, readdir, stat } from 'node:fs/promises';
import { platform } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Binaries } from './embedded-binaries.ts';

/** A way to run a program of the server, and who must own its files. */
export type Account = {
  name: 'direct' | 'namespace' | 'nobody' | 'nobody-override';
  /** Owner of the data, as this process sees it; undefined: whoever runs the gateway. */
  uid: number | undefined;
  wrap(program: string, args: readonly string[]): { program: string; args: string[]; uid?: number };
};

const nobody = 65534;

const direct: Account = {
  name: 'direct',
  uid: undefined,
  wrap: (program, args) => ({ program, args: [...args] }),
};

/**
 * In a user namespace of its own, shown as nobody: files stay whose they are. initdb looks its account up by number,
 * and this number has a name everywhere; so it also serves accounts without one (containers with an arbitrary uid).
 */
const namespace: Account = {
  name: 'namespace',
  uid: undefined,
  wrap: (program, args) => ({
    program: 'unshare',
    args: ['--user', `--map-user=${nobody}`, `--map-group=${nobody}`, '--', program, ...args],
  }),
};

const asNobody: Account = {
  name: 'nobody',
  uid: nobody,
  wrap: (program, args) => ({ program, args: [...args], uid: nobody }),
};

/** As nobody, but able to pass through folders closed to others (a checkout below root's home). */
const asNobodyOverride: Account = {
  name: 'nobody-override',
  uid: nobody,
  wrap: (program, args) => ({
    program: 'setpriv',
    args: [
      `--reuid=${nobody}`,
      `--regid=${nobody}`,
      '--clear-groups',
      '--inh-caps=-all,+dac_override',
      '--ambient-caps=-all,+dac_override',
      '--bounding-set=-all,+dac_override',
      '--',
      program,
      ...args,
    ],
  }),
};

/** Accounts to try, least privilege first. */
export function accounts(uid: number | undefined = process.getuid?.()): Account[] {
  if (uid === 0) return [{ ...namespace, uid: 0 }, asNobody, asNobodyOverride];
  return platform() === 'linux' ? [direct, namespace] : [direct];
}

/** Gives a data folder to the account; for `nobody` its parent (ours) becomes passable, its files stay closed. */
export async function giveTo(account: Account, data: string): Promise<void> {
  if (account.uid === undefined) return;
  if (account.name === 'nobody') await chmod(dirname(data), 0o711);
  const { uid } = await stat(data);
  if (uid === account.uid) return;
  const inside = await readdir(data, { recursive: true });
  for (const name of inside) await lchown(join(data, name), account.uid, account.uid);
  await chown(data, account.uid, account.uid); // last: a half-given folder is given again
}

/** Runs a program to its end; rejects with its standard error in `stderr`. */
export async function runAs(
  account: Account,
  binaries: Binaries,
  program: string,
  args: string[],
): Promise<void> {
  const call = account.wrap(program, args);
  await promisify(execFile)(call.program, call.args, options(binaries, call.uid));
}

/** Starts a program that stays; it leads its own session, so that Ctrl-C reaches the gateway alone. */
export function startAs(
  account: Account,
  binaries: Binaries,
  program: string,
  args: string[],
  log: number,
): ChildProcess {
  const call = account.wrap(program, args);
  return spawn(call.program, call.args, {
    ...options(binaries, call.uid),
    detached: true,
    stdio: ['ignore', log, log],
  });
}

function options(binaries: Binaries, uid: number | undefined): SpawnOptions {
  return {
    cwd: '/',
    ...(binaries.env ? { env: binaries.env } : {}),
    ...(uid === undefined ? {} : { uid, gid: uid }),
    windowsHide: true,
  };
}
