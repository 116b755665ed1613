/** A real HAPI FHIR server as a child process, for tests and for the demo. Needs a JDK 17 and, once, Maven. */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { ensureBuilt, hapiFolder } from './build.ts';
import { HapiUnavailable, requireProgram } from './unavailable.ts';

export { HapiUnavailable } from './unavailable.ts';

export type HapiOptions = {
  /** Switches of test/hapi/server (`--defaults`, `--id-strategy=none`, …). */
  args?: readonly string[];
  /** Gets every line the server prints. */
  log?: (line: string) => void;
};

export type Hapi = {
  /** Base URL without trailing slash. */
  base: string;
  pid: number;
  /** Asks it to stop and waits until it is gone. */
  stop(): Promise<void>;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
};

/** About 15 s on a quiet machine; several start at once on a busy one. */
const startLimitMs = 200_000;
const stopLimitMs = 10_000;
const javaOptions = ['-Xmx1g', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Xshare:auto'];

/**
 * Builds when sources changed, starts on a free port, resolves when it answers (about 15 s).
 * Throws HapiUnavailable, whose message says what to install or why it did not start.
 */
export async function startHapi({ args = [], log = () => undefined }: HapiOptions = {}): Promise<Hapi> {
  await requireProgram('java', '-version', 'un JDK 17 ou plus récent (Debian : apt install openjdk-17-jdk-headless)');
  await ensureBuilt(log);
  const folder = await mkdtemp(join(tmpdir(), 'passerelle-hapi-'));
  const urlFile = join(folder, 'base-url');
  const classPath = ['target/hapi-server.jar', 'target/lib/*'].join(delimiter);
  const own = ['--port=0', `--url-file=${urlFile}`, '--exit-with-stdin'];
  const child = spawn('java', [...javaOptions, '-cp', classPath, 'hapitest.HapiServer', ...own, ...args], {
    cwd: hapiFolder,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const tail: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      tail.push(line);
      if (tail.length > 20) tail.shift();
      log(line);
    });
  }
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const base = await announced(urlFile, () => child.exitCode === null && child.signalCode === null);
  await rm(folder, { recursive: true, force: true });
  if (base === undefined) {
    child.kill('SIGKILL');
    throw new HapiUnavailable(`HAPI n’a pas démarré. Ses dernières lignes :\n${tail.join('\n')}`);
  }
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal);
    const timer = setTimeout(() => child.kill('SIGKILL'), stopLimitMs);
    await gone;
    clearTimeout(timer);
  };
  return { base, pid: child.pid!, stop: () => end('SIGTERM'), kill: () => end('SIGKILL') };
}

/** The base URL that the server writes once it is ready; undefined when it is gone or the time limit passes first. */
async function announced(urlFile: string, isRunning: () => boolean): Promise<string | undefined> {
  for (const start = Date.now(); isRunning() && Date.now() - start < startLimitMs; ) {
    const text = await readFile(urlFile, 'utf8').catch(() => '');
    if (text) return text.trim();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return undefined;
}
