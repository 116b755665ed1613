import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readNetwork } from '../../src/network/read.ts';
import { root, passerelle, workFolder } from '../e2e/passerelle.ts';
import { kindsOfTheProject } from '../network/project.ts';

const example = join(root, 'examples', 'networks', 'cso-idf-ouest.yaml');

describe('network export', () => {
  let work: Awaited<ReturnType<typeof workFolder>>;
  beforeEach(async () => {
    work = await workFolder();
  });
  afterEach(() => work.remove());
  const run = (...args: string[]): ReturnType<typeof passerelle> => passerelle(args, { cwd: work.folder });

  it.each(['liste.xlsx', 'liste.csv'])(
    'writes %s, which a network file can name as its list',
    async (name) => {
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
      const file = join(work.folder, 'r.yaml');
      await writeFile(file, `kind: cso\nid: a\nname: b\netablissements:\n  - fichier: ${name}\n`);
      const kinds = await kindsOfTheProject();
      const listOf = async (network: string): Promise<unknown> =>
        (await readNetwork(network, kinds)).network?.data['etablissements'];
      const list = await listOf(file);
      expect(list).toEqual(await listOf(example));
      expect(list).toHaveProperty('length', Number(/ ([0-9]+) lignes/.exec(stdout)?.[1]));
    },
  );

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
