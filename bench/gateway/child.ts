/** Programs beside the measured one. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export type Child = {
  pid: number;
  /** The address that it printed; what else it says is not listened to. */
  said: string;
  kill(signal?: NodeJS.Signals): Promise<void>;
};

/** Starts a Node program and waits for the line that is its address. Throws when it ends before. */
export async function startChild(args: readonly string[], env: Record<string, string> = {}): Promise<Child> {
  const child: ChildProcess = spawn(process.execPath, ['--no-warnings', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  });
  const gone = once(child, 'exit');
  const said = await Promise.race([
    new Promise<string>((resolve) => {
      const lines = createInterface({ input: child.stdout! });
      lines.on('line', (line) => void (line.startsWith('http') && resolve(line)));
    }),
    gone.then((ended) => {
      throw new Error(`${args[0]} ended with ${JSON.stringify(ended)}`);
    }),
  ]);
  process.once('exit', () => child.kill('SIGKILL'));
  return {
    ...{ pid: child.pid!, said },
    async kill(signal = 'SIGTERM') {
      child.kill(signal);
      await gone;
    },
  };
}
