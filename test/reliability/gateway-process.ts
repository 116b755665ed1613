/** A real gateway as its own process, ended the hard way when a test says so. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export type GatewayProcess = {
  pid: number;
  /** Address once it serves; rejects with its last words when it ends before. */
  ready: Promise<string>;
  /** SIGKILL, then waits until the process is gone. */
  kill(): Promise<void>;
  /** SIGTERM, then waits; SIGKILL when it takes longer than ten seconds. */
  stop(): Promise<void>;
  signal(signal: NodeJS.Signals): void;
  /** What it wrote to its log so far, one JSON line an event. */
  log(): string[];
};

const startLimitMs = 60_000;
const stopLimitMs = 10_000;
const root = new URL('../..', import.meta.url).pathname;
const running = new Set<ChildProcess>();
let listening = false;

/** Starts `serve` on a configuration file, after the modules of `before`. Whatever happens to the caller, the process does not outlive it. */
export function startGateway(configFile: string, before: readonly string[] = []): GatewayProcess {
  if (!listening) process.once('exit', endAll);
  listening = true;
  const { DATABASE_URL: _unused, ...environment } = process.env; // the configuration alone says which database
  const first = before.map((file) => `--import=${file}`);
  const child = spawn(
    process.execPath,
    [...first, 'src/main.ts', 'serve', '--config', configFile, '--json'],
    {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...environment, NODE_OPTIONS: '', NODE_NO_WARNINGS: '1' },
    },
  );
  running.add(child);
  const gone = once(child, 'exit').then(() => void running.delete(child));
  const log: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => void log.push(line));
  const ready = readyAddress(child, gone, log);
  ready.catch(() => undefined); // who kills it while it starts does not wait for it
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    child.kill(signal);
    if (signal === 'SIGKILL') child.kill('SIGCONT');
    const timer = setTimeout(() => child.kill('SIGKILL'), stopLimitMs);
    await gone;
    clearTimeout(timer);
  };
  return {
    pid: child.pid!,
    ready,
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
    signal: (signal) => void child.kill(signal),
    log: () => log,
  };
}

async function readyAddress(child: ChildProcess, gone: Promise<void>, log: string[]): Promise<string> {
  const timer = setTimeout(() => child.kill('SIGKILL'), startLimitMs);
  try {
    const [line] = await Promise.race([
      once(createInterface({ input: child.stdout! }), 'line') as Promise<[string]>,
      gone.then(() => [undefined] as const),
    ]);
    if (line === undefined)
      throw new Error(`the gateway ended before it served\n${log.slice(-10).join('\n')}`);
    return (JSON.parse(line) as { address: string }).address;
  } finally {
    clearTimeout(timer);
  }
}

function endAll(): void {
  for (const child of running) child.kill('SIGKILL');
}
