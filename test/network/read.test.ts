import { mkdtemp, open, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readNetwork } from '../../src/network/read.ts';
import { maxBytes } from '../../src/network/read-bytes.ts';

describe('reading a network file', () => {
  let folder: string;
  const at = (name: string): string => join(folder, name);
  const write = async (name: string, content: string | Uint8Array): Promise<string> => {
    await writeFile(at(name), content);
    return at(name);
  };
  const messages = async (file: string): Promise<string[]> =>
    (await readNetwork(file)).issues.map(
      ({ message, source }) => `${source?.line}:${source?.column} ${message}`,
    );

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'passerelle-network-'));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  it('knows the place of every value, in the file and in its lists', async () => {
    await write('members.csv', 'id,finess\na,990780017\nb,990780025\n');
    const file = await write(
      'places.yaml',
      'kind: k\nid: i\nname: n\nmembres:\n  - { id: z }\n  - fichier: members.csv\n',
    );
    const { network, issues } = await readNetwork(file);
    expect(issues).toEqual([]);
    expect(network?.data).toEqual({
      kind: 'k',
      id: 'i',
      name: 'n',
      membres: [{ id: 'z' }, { id: 'a', finess: '990780017' }, { id: 'b', finess: '990780025' }],
    });
    expect(network?.positionOf('')).toEqual({ file, line: 1, column: 1 });
    expect(network?.positionOf('/membres/0/id')).toEqual({ file, line: 5, column: 7 });
    expect(network?.positionOf('/membres/1')).toEqual({ file: at('members.csv'), line: 2, column: 1 });
    expect(network?.positionOf('/membres/2/finess')).toEqual({ file: at('members.csv'), line: 3, column: 2 });
    expect(network?.positionOf('/membres/3')).toBeUndefined();
  });

  it('keeps numbers as they are written: no zero is lost, no identifier is rounded', async () => {
    const file = await write(
      'numbers.yaml',
      'id: i\nkind: k\nname: n\ncommune: 04112\nrpps: 10999900003\nhex: 0x1F\nreal: 1e3\nyes: true\nvoid:\n',
    );
    expect((await readNetwork(file)).network?.data).toMatchObject({
      commune: '04112',
      rpps: '10999900003',
      hex: '0x1F',
      real: '1e3',
      yes: true,
      void: null,
    });
  });

  it('has one hash for one content: comments and layout do not count, a cell of a list does', async () => {
    await write('one.csv', 'id\na\n');
    await write('two.csv', 'id\nb\n');
    const hashOf = async (name: string, text: string): Promise<string | undefined> =>
      (await readNetwork(await write(name, text))).network?.hash;
    const hash = await hashOf('a.yaml', 'kind: k\nid: i\nname: n\nlist: [{ fichier: one.csv }]\n');
    expect(await hashOf('b.yaml', '# note\nid: i\nname:   n\nkind: k\nlist:\n  - id: a\n')).toBe(hash);
    expect(await hashOf('c.yaml', 'kind: k\nid: i\nname: n\nlist: [{ fichier: two.csv }]\n')).not.toBe(hash);
  });

  it('drops a byte order mark', async () => {
    const file = await write('bom.yaml', '\uFEFFkind: k\nid: i\nname: n\n');
    expect((await readNetwork(file)).network?.kind).toBe('k');
  });

  it('refuses a file of 50 MB before reading it', async () => {
    const handle = await open(at('huge.yaml'), 'w');
    await handle.truncate(50_000_000);
    await handle.close();
    expect(await messages(at('huge.yaml'))).toEqual(['1:1 Le fichier fait 50 Mo ; la limite est de 5 Mo.']);
  });

  it('accepts a file at the limit and refuses one byte more', async () => {
    const start = 'kind: k\nid: i\nname: n\n#';
    const padded = (size: number): string => start + '-'.repeat(size - start.length - 1) + '\n';
    expect(await messages(await write('limit.yaml', padded(maxBytes)))).toEqual([]);
    expect(await messages(await write('over.yaml', padded(maxBytes + 1)))).toHaveLength(1);
  });

  it('refuses a list of 50 MB before reading it', async () => {
    const handle = await open(at('huge.csv'), 'w');
    await handle.truncate(50_000_000);
    await handle.close();
    const file = await write('huge-list.yaml', 'kind: k\nid: i\nname: n\nlist: [{ fichier: huge.csv }]\n');
    expect(await messages(file)).toEqual(['1:1 Le fichier fait 50 Mo ; la limite est de 5 Mo.']);
  });

  it('refuses what is not a file, or not there', async () => {
    expect(await messages(folder)).toEqual(['1:1 Ce n’est pas un fichier.']);
    expect(await messages(at('absent.yaml'))).toEqual(['1:1 Fichier introuvable.']);
  });

  it('refuses a list that a link leads out of the folder', async () => {
    const elsewhere = await mkdtemp(join(tmpdir(), 'passerelle-elsewhere-'));
    await writeFile(join(elsewhere, 'secret.csv'), 'id\na\n');
    await symlink(join(elsewhere, 'secret.csv'), at('link.csv'));
    const file = await write('link.yaml', 'kind: k\nid: i\nname: n\nlist: [{ fichier: link.csv }]\n');
    expect(await messages(file)).toEqual([
      '4:10 Fichier « link.csv » introuvable dans le dossier du réseau.',
    ]);
    await rm(elsewhere, { recursive: true });
  });

  it('refuses columns that could reach the prototype of an object', async () => {
    await write('proto.csv', 'id,__proto__\na,b\n');
    const file = await write('proto.yaml', 'kind: k\nid: i\nname: n\nlist: [{ fichier: proto.csv }]\n');
    expect(await messages(file)).toEqual(['1:2 Le nom de colonne « __proto__ » est interdit.']);
  });

  const tooMuch: [string, string, RegExp][] = [
    ['brackets opened 5 million times', '['.repeat(5_000_000), /^1:33 Trop de niveaux/],
    ['lists in lists on one line', `a:\n  ${'- '.repeat(100_000)}x`, /^2:\d+ Trop de niveaux/],
    ['fields in fields by indentation', nested(2_000), /Trop de niveaux/],
    ['a million empty documents', '---\n'.repeat(1_000_000), /trop d’éléments/],
    ['half a million items', `[${'a,'.repeat(600_000)}]`, /trop d’éléments/],
    ['aliases beyond counting', `a: &a [x]\nb: [${'*a,'.repeat(50_000)}]`, /autres anomalies/],
    ['keys beyond counting, all the same', `{${'a: 1,'.repeat(50_000)}}`, /autres anomalies/],
  ];
  it.each(tooMuch)('survives %s', async (_, text, message) => {
    const { network, issues } = await readNetwork(await write('much.yaml', text));
    expect(network).toBeUndefined();
    const last = issues.at(-1);
    expect(`${last?.source?.line}:${last?.source?.column} ${last?.message}`).toMatch(message);
  });

  it('never answers with more than some 200 issues', async () => {
    const { issues } = await readNetwork(await write('many.yaml', `{${'a: 1,'.repeat(1_000)}}`));
    expect(issues).toHaveLength(201);
  });
});

function nested(levels: number): string {
  return Array.from({ length: levels }, (_, level) => `${' '.repeat(level)}a:`).join('\n');
}
