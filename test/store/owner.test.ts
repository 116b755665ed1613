import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { readOwner, takeFolder, type HeldFolder } from '../../src/store/owner.ts';
import { processStart } from '../../src/store/process-identity.ts';

describe('the owner of a folder', () => {
  let folder: string;
  let held: HeldFolder[];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pas-owner-'));
    held = [];
  });

  afterEach(async () => {
    for (const one of held) await one.release();
    await rm(folder, { recursive: true, force: true });
  });

  async function take(token = 'secret'): Promise<HeldFolder> {
    const one = await takeFolder(folder, { token });
    held.push(one);
    return one;
  }

  async function leave(owner: Record<string, unknown>): Promise<void> {
    await writeFile(join(folder, 'owner.json'), JSON.stringify({ host: hostname(), token: 'old', ...owner }));
  }

  it('is written for its own account alone and read by command lines', async () => {
    const mine = await take();
    expect((await stat(join(folder, 'owner.json'))).mode & 0o777).toBe(0o600);
    expect(await readOwner(folder)).toEqual(mine.owner);
    expect(mine.owner.pid).toBe(process.pid);
  });

  it('makes its admin address known once there is one', async () => {
    const mine = await take();
    expect(mine.owner.adminUrl).toBeUndefined();
    await mine.announce('http://127.0.0.1:4711');
    expect(await readOwner(folder)).toMatchObject({ adminUrl: 'http://127.0.0.1:4711', token: 'secret' });
    expect((await stat(join(folder, 'owner.json'))).mode & 0o777).toBe(0o600);
  });

  it('refuses a second owner, naming the first without its token', async () => {
    const mine = await take('very-secret');
    await mine.announce('http://127.0.0.1:4711');
    const error = await take().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ category: 'conflict', side: 'gateway', retryable: false });
    expect((error as Error).message).toContain(`processus ${process.pid}`);
    expect((error as Error).message).toContain('http://127.0.0.1:4711');
    expect((error as Error).message).not.toContain('very-secret');
  });

  it('leaves the folder free when it lets go', async () => {
    await (await take()).release();
    expect(await readdir(folder)).toEqual([]);
    expect(await readOwner(folder)).toBeUndefined();
    await take('next');
    expect(await readOwner(folder)).toMatchObject({ token: 'next' });
  });

  it('gives way when its process is dead', async () => {
    const dead = await deadProcess();
    await leave({ pid: dead, started: 'then' });
    expect(await readOwner(folder)).toBeUndefined();
    expect((await take()).owner.pid).toBe(process.pid);
  });

  it('gives way when its process number was given to a later process', async () => {
    await leave({ pid: process.pid, started: 'another boot/42' });
    expect((await take()).owner.started).toBe(processStart(process.pid));
  });

  it('gives way when its file is empty or broken', async () => {
    for (const text of ['', '{', 'null', '[]', '{"pid":"1"}']) {
      await writeFile(join(folder, 'owner.json'), text);
      await (await take()).release();
    }
    expect(await readdir(folder)).toEqual([]);
  });

  it('on another machine counts as alive while its file is being touched', async () => {
    await leave({ pid: 1, started: 'elsewhere', host: 'another-host' });
    await expect(take()).rejects.toMatchObject({ message: expect.stringContaining('machine another-host') });
    const longAgo = new Date(Date.now() - 3_600_000);
    await utimes(join(folder, 'owner.json'), longAgo, longAgo);
    expect((await take()).owner.host).toBe(hostname());
  });

  it('is one, however many reach for a dead one’s folder together', async () => {
    await leave({ pid: await deadProcess(), started: 'then' });
    const program = `
      import { takeFolder } from ${JSON.stringify(new URL('../../src/store/owner.ts', import.meta.url).href)};
      await takeFolder(${JSON.stringify(folder)}, { token: String(process.pid) })
        .then(() => console.log('taken'), (error) => console.log(error.category));
      setInterval(() => undefined, 60_000);`;
    const rivals = Array.from({ length: 6 }, () =>
      spawn(process.execPath, ['--input-type=module', '--eval', program]),
    );
    const answers = await Promise.all(rivals.map(firstOutput));
    for (const rival of rivals) rival.kill('SIGKILL');
    expect(answers.sort()).toEqual([...Array<string>(5).fill('conflict'), 'taken']);
    expect(await readFile(join(folder, 'owner.json'), 'utf8')).toContain('"pid"');
  });
});

async function firstOutput(child: ChildProcess): Promise<string> {
  const [chunk] = (await once(child.stdout!, 'data')) as [Buffer];
  return chunk.toString().trim();
}

async function deadProcess(): Promise<number> {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  await once(child, 'exit');
  return child.pid!;
}
