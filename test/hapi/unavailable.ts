import { spawn } from 'node:child_process';

/** HAPI cannot be had here; the message says in French what to install or why. */
export class HapiUnavailable extends Error {
  override name = 'HapiUnavailable';
}

/** Throws unless `program` can be run; `toInstall` names what brings it. */
export async function requireProgram(program: string, versionFlag: string, toInstall: string): Promise<void> {
  const works = await new Promise<boolean>((resolve) => {
    const child = spawn(program, [versionFlag], { stdio: 'ignore' });
    child.once('error', () => resolve(false));
    child.once('exit', (code) => resolve(code === 0));
  });
  if (!works) throw new HapiUnavailable(`« ${program} » est introuvable : installez ${toInstall}.`);
}
