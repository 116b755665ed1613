/** Running programs as a person would, with the Node that is asked for. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

export type Ran = { code: number | null; stdout: string; stderr: string };

/** Runs a program in a folder; `node` is the one that runs these tests. */
export function run(command: string, args: readonly string[], cwd: string): Ran {
  const path = `${dirname(process.execPath)}${delimiter}${process.env['PATH'] ?? ''}`;
  const env = { ...process.env, PATH: path, NODE_OPTIONS: '' };
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, env, encoding: 'utf8' });
  return { code: status, stdout, stderr };
}

/** The same, and an error with what it printed when it fails. */
export function succeed(command: string, args: readonly string[], cwd: string): string {
  const ran = run(command, args, cwd);
  if (ran.code !== 0)
    throw new Error(`${command} ${args.join(' ')}: ${ran.code}\n${ran.stdout}${ran.stderr}`);
  return ran.stdout;
}

/** Arguments that make this Node say it is an older one; the file they name is written into `folder`. */
export function asOldNode(folder: string): string[] {
  const file = join(folder, 'old-node.cjs');
  writeFileSync(file, "Object.defineProperty(process, 'version', { value: 'v20.9.0' });\n");
  return ['--require', file];
}

/** Puts the running Node where a checkout has the one of its platform package. */
export function linkBundledNode(root: string): void {
  const windows = process.platform === 'win32';
  const name = `node-${windows ? 'win' : process.platform}-${process.arch}`;
  const folder = join(root, 'node_modules', name, 'bin');
  mkdirSync(folder, { recursive: true });
  symlinkSync(process.execPath, join(folder, windows ? 'node.exe' : 'node'));
}
