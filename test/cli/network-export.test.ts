import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { root, passerelle, workFolder } from '../e2e/passerelle.ts';

const example = join(root, 'examples', 'networks', 'cso-idf-ouest.yaml');

describe('network export', () => {
  let work: Awaited<ReturnType<typeof workFolder>>;
  beforeEach(async () => {
    work = await workFolder();
  });
  afterEach(() => work.remove());
  const run = (...args: string[]): ReturnType<typeof passerelle> => passerelle(args, { cwd: work.folder });

  it('writes a workbook and a CSV file that a network file can name as its list', async () => {
    const first = JSON.parse((await run('network', 'export', example, '--json')).stdout) as unknown[];
    expect(first.length).toBeGreaterThan(3);
    for (const name of ['liste.xlsx', 'liste.csv']) {
      const { code, stdout } = await run(
        'network',
        'export',
        example,
        '--list',
        'etablissements',
        '-o',
        name,
      );
      expect(code).toBe(0);
      expect(stdout).toMatch(new RegExp(`^${name} : [0-9]+ lignes de la liste « etablissements »\\.\n$`));
      const text = await readFile(example, 'utf8');
      const before = text.slice(0, text.indexOf('\netablissements:\n'));
      await writeFile(join(work.folder, 'r.yaml'), `${before}\netablissements:\n  - fichier: ${name}\n`);
      const back = JSON.parse((await run('network', 'export', 'r.yaml', '--json')).stdout) as unknown[];
      expect(back).toEqual(first);
    }
  });

  it('prints CSV, and asks for a file before it makes a workbook', async () => {
    expect((await run('network', 'export', example)).stdout).toMatch(/^id;nom;finess/);
    expect(await run('network', 'export', example, '--format', 'xlsx')).toMatchObject({
      code: 2,
      stderr: 'Un classeur ne s’affiche pas : donnez un fichier, -o liste.xlsx.\n',
    });
  });

  it('says what is wrong with the file instead of exporting half of it', async () => {
    await writeFile(
      join(work.folder, 'r.yaml'),
      'kind: cso\nid: a\nname: b\netablissements:\n  - fichier: absent.csv\n',
    );
    const { code, stderr } = await run('network', 'export', 'r.yaml', '-o', 'x.csv');
    expect(code).toBe(1);
    expect(stderr).toContain(
      'r.yaml:5:5 faute Fichier « absent.csv » introuvable dans le dossier du réseau.',
    );
    await expect(readFile(join(work.folder, 'x.csv'))).rejects.toThrow('ENOENT');
  });
});
