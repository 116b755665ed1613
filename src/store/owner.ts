/**
 * One owner of a folder (rule 9): the running gateway. Its file tells command lines started beside it where to ask, and
 * makes a second gateway on the same folder refuse to start.
 */
import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { GatewayError } from '../fhir/error.ts';
import { processStart } from './process-identity.ts';

/** Who holds a folder. */
export type Owner = {
  pid: number;
  /** Start of the process, so that a number given to a later process is not mistaken for it. */
  started: string;
  /** Machine or container: process numbers mean nothing on another. */
  host: string;
  /** Address of the admin endpoint, once the gateway listens. */
  adminUrl?: string;
  /** Secret that lets a command line of the same account use that endpoint. */
  token: string;
};

/** A folder held by this process. */
export type HeldFolder = {
  readonly owner: Owner;
  /** Makes the admin address known once the port is. */
  announce(adminUrl: string): Promise<void>;
  release(): Promise<void>;
};

const beatMs = 5000;
const silentMs = 15_000;

/**
 * Takes the folder for this process, or throws a GatewayError (`conflict`) that says who holds it. An owner that is
 * dead, or whose number now belongs to a later process, is replaced.
 */
export async function takeFolder(
  folder: string,
  options: { adminUrl?: string; token: string },
): Promise<HeldFolder> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const started = processStart(process.pid) ?? 'unknown';
  let owner: Owner = { pid: process.pid, started, host: hostname(), ...options };
  while (!(await createOnly(folder, owner))) {
    const holder = await readOwner(folder);
    if (holder) throw heldBy(folder, holder);
    await removeStale(folder);
  }
  const beat = setInterval(() => {
    const now = new Date();
    void utimes(fileOf(folder), now, now).catch(() => undefined); // the folder may be gone: nothing to hold any more
  }, beatMs).unref();
  return {
    get owner() {
      return owner;
    },
    announce: async (adminUrl) => {
      owner = { ...owner, adminUrl };
      await rename(await writeAside(folder, owner), fileOf(folder));
    },
    release: async () => {
      clearInterval(beat);
      const found = await readFileOf(folder);
      if (found?.token === owner.token && found.pid === owner.pid) await rm(fileOf(folder), { force: true });
    },
  };
}

/** The living owner of a folder, or undefined. */
export async function readOwner(folder: string): Promise<Owner | undefined> {
  const found = await readFileOf(folder);
  if (!found) return undefined;
  if (found.host === hostname()) {
    return processStart(found.pid) === found.started ? found : undefined;
  }
  const seen = await stat(fileOf(folder)).catch(() => undefined);
  return seen && Date.now() - seen.mtimeMs < silentMs ? found : undefined;
}

function fileOf(folder: string): string {
  return join(folder, 'owner.json');
}

async function readFileOf(folder: string): Promise<Owner | undefined> {
  try {
    const found = JSON.parse(await readFile(fileOf(folder), 'utf8')) as Partial<Owner>;
    return typeof found.pid === 'number' && typeof found.started === 'string' ? (found as Owner) : undefined;
  } catch {
    return undefined; // absent, or not ours: nobody we know of
  }
}

async function writeAside(folder: string, owner: Owner): Promise<string> {
  const aside = `${fileOf(folder)}.${randomBytes(6).toString('hex')}`;
  await writeFile(aside, `${JSON.stringify(owner, null, 2)}\n`, { mode: 0o600, flag: 'wx' });
  return aside;
}

/** A hard link appears whole and only when nothing is there: no reader ever sees half an owner. */
async function createOnly(folder: string, owner: Owner): Promise<boolean> {
  const aside = await writeAside(folder, owner);
  try {
    await link(aside, fileOf(folder));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(aside, { force: true });
  }
}

/**
 * Removes the file of a dead owner. Under a lock: of two that both saw the dead one, the slower would otherwise remove
 * the file that the faster has just made. A lock is held for an instant; one left by a killed process expires.
 */
async function removeStale(folder: string): Promise<void> {
  const lock = `${fileOf(folder)}.lock`;
  try {
    await (await open(lock, 'wx', 0o600)).close();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const seen = await stat(lock).catch(() => undefined);
    if (seen && Date.now() - seen.mtimeMs > silentMs) await rm(lock, { force: true });
    await sleep(20);
    return;
  }
  try {
    if (!(await readOwner(folder))) await rm(fileOf(folder), { force: true });
  } finally {
    await rm(lock, { force: true });
  }
}

function heldBy(folder: string, holder: Owner): GatewayError {
  const where = holder.host === hostname() ? '' : `, machine ${holder.host}`;
  const address = holder.adminUrl ? `, adresse ${holder.adminUrl}` : '';
  return new GatewayError({
    category: 'conflict',
    side: 'gateway',
    retryable: false,
    message:
      `Le dossier ${folder} est déjà tenu par une passerelle (processus ${holder.pid}${where}${address}) : ` +
      'arrêtez-la, ou utilisez la ligne de commande à côté d’elle.',
  });
}
