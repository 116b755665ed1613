import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { activityFamily } from '../../../src/directory/extract/tables.ts';
import { newestFile, newestFiles } from '../../../src/directory/files/find-file.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'passerelle-files-'));
  const names = [
    'PS_LibreAcces_Dipl_AutExerc_202611290830.txt',
    'PS_LibreAcces_Personne_activite_202611280830.txt',
    'PS_LibreAcces_Personne_activite_202611290830.txt',
    'PS_LibreAcces_SavoirFaire_202611290830.txt',
    'PS_LibreAcces_202611290900.zip',
    'ps-libreacces-dipl-autexerc.txt',
    'ps-libreacces-personne-activite.txt',
    'ps-libreacces-savoirfaire.txt',
    'ror-20261128-0001.json',
    'ror-20261128-0002.json',
    'ror-20261129-0001.json',
  ];
  for (const name of names) await writeFile(join(folder, name), '');
});
afterAll(() => rm(folder, { recursive: true }));

const at = (name: string): string[] => [join(folder, name)];

describe('the file to be read', () => {
  it('is the newest of its family, though its companions lie beside it', async () => {
    const { name } = await newestFile(at('PS_LibreAcces_*.txt'), activityFamily);
    expect(name).toBe('PS_LibreAcces_Personne_activite_202611290830.txt');
  });

  it('is that of its family under the names of data.gouv.fr, which have no date', async () => {
    const { name } = await newestFile(at('ps-libreacces-*'), activityFamily);
    expect(name).toBe('ps-libreacces-personne-activite.txt');
  });

  it('is the newest archive of a publication, though an older file of the family lies beside it', async () => {
    const { name } = await newestFile(
      [...at('PS_LibreAcces_Personne_activite_202611280830.txt'), ...at('PS_LibreAcces_2*.zip')],
      activityFamily,
    );
    expect(name).toBe('PS_LibreAcces_202611290900.zip');
  });

  it('is told to be missing where only its companions are there, naming one', async () => {
    const missing = newestFile(at('PS_LibreAcces_SavoirFaire_*'), activityFamily);
    await expect(missing).rejects.toMatchObject({
      ...{ category: 'invalid', side: 'directory' },
      message: expect.stringMatching(/^PS_LibreAcces_SavoirFaire_202611290830.txt : .*Personne_activite/),
    });
  });

  it('is the newest of all where none is of the family', async () => {
    const { name } = await newestFile(at('ror-*'), activityFamily);
    expect(name).toBe('ror-20261129-0001.json');
  });

  it.each(['absent-*', 'absent.txt'])('is told to be missing (%s)', async (name) => {
    await expect(newestFile(at(name))).rejects.toMatchObject({ category: 'not-found', side: 'directory' });
    await expect(newestFiles(at(name))).rejects.toMatchObject({ category: 'not-found', side: 'directory' });
  });
});

describe('the slices of an export', () => {
  it('are those of the newest day: an older export in the same folder is none of it', async () => {
    const names = async (pattern: string): Promise<string[]> =>
      (await newestFiles(at(pattern))).map(({ name }) => name);
    expect(await names('ror-*')).toEqual(['ror-20261129-0001.json']);
    expect(await names('ror-20261128-*')).toEqual(['ror-20261128-0001.json', 'ror-20261128-0002.json']);
  });
});
