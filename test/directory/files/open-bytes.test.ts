import { afterAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { newestFile } from '../../../src/directory/files/find-file.ts';
import { dateInName } from '../../../src/directory/files/name-date.ts';
import { openBytes } from '../../../src/directory/files/open-bytes.ts';
import { writeZip } from '../../../src/tabular/write-zip.ts';

const folder = mkdtempSync(join(tmpdir(), 'bytes-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function read(
  name: string,
  bytes: Uint8Array,
  limits?: { expanded: number; ratio: number },
): Promise<string> {
  writeFileSync(join(folder, name), bytes);
  const { chunks } = await openBytes(await newestFile([join(folder, name)]), /activite.*\.txt$/, limits);
  const parts: Buffer[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts).toString();
}

const part = (name: string, text: string) => ({ name, text });
const zipOf = (...parts: ReturnType<typeof part>[]): Uint8Array => writeZip(parts);
const refusal = (category: string) => ({ side: 'directory', category });
const zeros = '0'.repeat(40 * 1024 * 1024);

describe('a published archive', () => {
  it('gives its one file of the kind, others beside it', async () => {
    const zip = zipOf(
      part('PS_activite_1.txt', 'a|b'),
      part('PS_savoirfaire.txt', 'c'),
      part('lisez-moi.pdf', 'd'),
    );
    expect(await read('good.zip', zip)).toBe('a|b');
  });

  it.each([
    ['two files of the kind', zipOf(part('activite_1.txt', 'a'), part('activite_2.txt', 'b')), 'ambiguous'],
    ['none', zipOf(part('autre.txt', 'a')), 'not-found'],
    ['an end that is missing', zipOf(part('activite_1.txt', 'abc'.repeat(99))).subarray(0, 90), 'invalid'],
    ['nothing in it', new Uint8Array(), 'invalid'],
  ])('with %s is refused', async (_, zip, category) => {
    await expect(read('bad.zip', zip)).rejects.toMatchObject(refusal(category));
  });

  it('that would explode is refused by what it declares, by ratio and by size', async () => {
    const bomb = zipOf(part('activite_1.txt', zeros));
    await expect(read('bomb.zip', bomb)).rejects.toMatchObject(refusal('too-large'));
    const limits = { expanded: 100, ratio: 1e9 };
    await expect(
      read('big.zip', zipOf(part('activite_1.txt', 'x'.repeat(101))), limits),
    ).rejects.toMatchObject(refusal('too-large'));
    expect(await read('small.zip', zipOf(part('activite_1.txt', 'x'.repeat(100))), limits)).toHaveLength(100);
  });

  it('that declares less than it holds is refused while it expands', async () => {
    const zip = Buffer.from(zipOf(part('activite_1.txt', 'line of text\n'.repeat(5000))));
    const directory = zip.indexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02]));
    zip.writeUInt32LE(500, directory + 24);
    await expect(read('liar.zip', zip)).rejects.toMatchObject(refusal('invalid'));
  });

  it('that is encrypted is refused', async () => {
    const zip = Buffer.from(zipOf(part('activite_1.txt', 'abc')));
    const directory = zip.indexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02]));
    zip.writeUInt16LE(zip.readUInt16LE(directory + 8) | 1, directory + 8);
    await expect(read('secret.zip', zip)).rejects.toMatchObject({ side: 'directory' });
  });

  it('may be a gzip, whose end and size are watched as well', async () => {
    expect(await read('one.txt.gz', gzipSync('a|b'))).toBe('a|b');
    await expect(read('bomb.txt.gz', gzipSync(zeros))).rejects.toMatchObject(refusal('too-large'));
    const cut = gzipSync('line of text\n'.repeat(500)).subarray(0, 40);
    await expect(read('cut.txt.gz', cut)).rejects.toMatchObject(refusal('invalid'));
  });
});

describe('the date in a name', () => {
  it.each([
    ['PS_LibreAcces_Personne_activite_202602061117.txt', '2026-02-06T11:17:00.000Z'],
    ['etalab-cs1100507-stock-20260512-0339.csv', '2026-05-12T03:39:00.000Z'],
    ['finess-structures-mensuel-202607_json.gz', '2026-07-01T00:00:00.000Z'],
    ['extract_20260230.txt', undefined],
    ['extract.txt', undefined],
  ])('of %s is %s', (name, date) => {
    expect(dateInName(name)?.toISOString()).toBe(date);
  });
});
