import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { passerelle, workFolder } from '../e2e/passerelle.ts';

describe('network init', () => {
  let work: Awaited<ReturnType<typeof workFolder>>;
  beforeEach(async () => {
    work = await workFolder();
  });
  afterEach(() => work.remove());
  const run = (...args: string[]): ReturnType<typeof passerelle> => passerelle(args, { cwd: work.folder });

  it('writes a starter file that check accepts, and never writes over one', async () => {
    expect(await run('network', 'init', 'cpts', '-o', 'reseau.yaml')).toMatchObject({ code: 0 });
    const text = await readFile(join(work.folder, 'reseau.yaml'), 'utf8');
    const schema = /\$schema=(.*)$/m.exec(text)?.[1] ?? '';
    expect(JSON.parse(await readFile(new URL(schema), 'utf8'))).toHaveProperty('title');
    expect(await run('check', 'reseau.yaml')).toMatchObject({ code: 0 });
    expect(await run('network', 'init', 'ess', '-o', 'reseau.yaml')).toMatchObject({
      code: 1,
      stderr: 'Le fichier reseau.yaml existe déjà : il n’a pas été changé.\n',
    });
    expect(await readFile(join(work.folder, 'reseau.yaml'), 'utf8')).toBe(text);
  });

  it('names the kinds there are when asked for another', async () => {
    expect(await run('network', 'init', 'cpst')).toMatchObject({
      code: 1,
      stderr: 'Le type de réseau « cpst » est inconnu. Vouliez-vous dire « cpts » ?\n',
    });
  });

  it('prints the file when no file is named', async () => {
    const { code, stdout } = await run('network', 'init', 'ess');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^kind: ess$/m);
  });
});
