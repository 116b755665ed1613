/** Builds the Maven project beside this file, once, whoever asks first. */
import { spawn } from 'node:child_process';
import { mkdir, open, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { HapiUnavailable, requireProgram } from './unavailable.ts';

/** The Maven project of the server. */
export const hapiFolder = join(import.meta.dirname, 'server');

const jar = join(hapiFolder, 'target', 'hapi-server.jar');
const lock = join(hapiFolder, 'target', 'build.lock');
const buildLimitMs = 600_000;

/** Builds when a source is younger than the jar; others wait under the lock and find it built. */
export async function ensureBuilt(log: (line: string) => void): Promise<void> {
  if (await isFresh()) return;
  await mkdir(join(hapiFolder, 'target'), { recursive: true });
  const release = await takeLock();
  try {
    if (await isFresh()) return;
    await requireProgram('mvn', '--version', 'Maven 3.8 ou plus récent (Debian : apt install maven)');
    log('HAPI : construction par Maven (une fois)');
    await maven();
  } finally {
    await release();
  }
}

async function isFresh(): Promise<boolean> {
  const built = await stat(jar).catch(() => undefined);
  if (!built) return false;
  const sources = await readdir(join(hapiFolder, 'src'), { recursive: true });
  const files = [join(hapiFolder, 'pom.xml'), ...sources.map((name) => join(hapiFolder, 'src', name))];
  const ages = await Promise.all(files.map(async (file) => (await stat(file)).mtimeMs));
  return ages.every((age) => age <= built.mtimeMs);
}

/** A lock file holding our pid; that of a process that is gone is taken over. */
async function takeLock(): Promise<() => Promise<void>> {
  for (const start = Date.now(); Date.now() - start < buildLimitMs; ) {
    try {
      const file = await open(lock, 'wx');
      await file.writeFile(String(process.pid));
      await file.close();
      return () => rm(lock, { force: true });
    } catch {
      const owner = Number(await readFile(lock, 'utf8').catch(() => '0'));
      if (owner > 0 && !isAlive(owner)) await rm(lock, { force: true });
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
  throw new HapiUnavailable(`Une autre construction de HAPI ne finit pas ; sinon supprimez ${lock}.`);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM';
  }
}

/** Offline first: with the jars in the local repository no network is needed. */
async function maven(): Promise<void> {
  const offline = await runMaven(['-o']);
  if (offline.code === 0) return;
  const online = await runMaven([]);
  if (online.code !== 0) throw new HapiUnavailable(`Maven ne peut pas construire HAPI :\n${online.output.slice(-2000)}`);
}

function runMaven(flags: readonly string[]): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve) => {
    const child = spawn('mvn', ['-B', '-ntp', '-q', ...flags, 'package'], {
      cwd: hapiFolder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.once('exit', (code) => resolve({ code, output }));
    child.once('error', () => resolve({ code: 1, output: 'mvn' }));
  });
}
