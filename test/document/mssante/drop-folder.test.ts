/** A message is put into the folder once, whatever crashes and whoever takes it away. */
import { mkdtemp, readdir, readFile, rm, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { drop } from '../../../src/document/mssante/drop-folder.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'drop-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});
const messages = async (): Promise<string[]> =>
  (await readdir(folder)).filter((name) => name.endsWith('.eml'));
const bytes = Buffer.from('message');

describe('a drop folder', () => {
  it('gets the whole message under its name, and nothing else that a connector would take', async () => {
    expect(await drop(folder, 'a.eml', bytes, '1')).toMatchObject({ size: 7 });
    expect(await messages()).toEqual(['a.eml']);
    expect(await readFile(join(folder, 'a.eml'))).toEqual(bytes);
  });

  it('is not given a message again that the connector took away', async () => {
    const first = await drop(folder, 'a.eml', bytes, '1');
    await unlink(join(folder, 'a.eml'));
    expect(await drop(folder, 'a.eml', bytes, '2')).toEqual(first);
    expect(await messages()).toEqual([]);
  });

  it('gets it once from many that try at once, and all say the same of it', async () => {
    const tries = Array.from({ length: 20 }, (_, i) =>
      drop(folder, 'a.eml', Buffer.from(`message ${i}`), `${i}`),
    );
    const told = await Promise.all(tries);
    expect(new Set(told.map(({ sha256 }) => sha256)).size).toBe(1);
    expect(await messages()).toEqual(['a.eml']);
    const left = await readdir(join(folder, '.passerelle'));
    expect(left).toEqual(['a.eml.json']);
  });

  it('gets it when a process died before it was moved there', async () => {
    await drop(folder, 'a.eml', bytes, '1');
    const { rename } = await import('node:fs/promises');
    await rename(join(folder, 'a.eml'), join(folder, '.passerelle', 'a.eml.1')); // as it stood just before
    await drop(folder, 'a.eml', bytes, '2');
    expect(await messages()).toEqual(['a.eml']);
  });

  it('that cannot be written rejects, so that the item waits', async () => {
    await expect(drop(join(folder, 'a.eml', '\0'), 'a.eml', bytes, '1')).rejects.toThrow();
  });
});
