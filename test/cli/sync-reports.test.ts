import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { publicHalf } from '../../src/directory/report/key.ts';
import { reportText } from '../../src/directory/report/sign.ts';
import { maxReportBytes } from '../../src/directory/report/verify.ts';
import { key, signedReport } from '../directory/report/reports.ts';
import { runWith } from './run-with.ts';

let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'passerelle-report-'));
  file = join(folder, 'report.json');
  await writeFile(file, reportText(await signedReport()));
});
afterAll(() => rm(folder, { recursive: true }));

/** Runs a command line; the gateway behind it only has the report of passage 42. */
async function run(...args: string[]): Promise<{ code: number; out: string }> {
  const report = await signedReport();
  const operations = {
    syncReport: async () => report,
    syncKey: () => publicHalf(key),
  };
  return runWith(operations, ['sync', ...args]);
}

describe('sync verify', () => {
  it('ends with 0 for a report that holds, and says which key signed it', async () => {
    const { code, out } = await run('verify', file);
    expect(code).toBe(0);
    expect(out).toContain('passage 42 de annuaire, 3 page(s), 60 ligne(s)');
    expect(out).toContain('comparez-la');
  });

  it('takes the key that is expected by its thumbprint, or from a file as sync key writes it', async () => {
    const { out } = await run('key', '--json');
    const keyFile = join(folder, 'key.json');
    await writeFile(keyFile, out);
    const { thumbprint } = JSON.parse(out) as { thumbprint: string };
    for (const given of [thumbprint, keyFile]) {
      const verified = await run('verify', file, '--key', given);
      expect(verified).toMatchObject({ code: 0, out: expect.stringContaining('Signé par la clé attendue') });
    }
    const other = await run('verify', file, '--key', 'A'.repeat(43));
    expect(other).toMatchObject({ code: 1, out: expect.stringContaining('Signé par une autre clé') });
  });

  it('ends with 1 and says what does not hold', async () => {
    const text = await readFile(file, 'utf8');
    const touched = join(folder, 'touched.json');
    await writeFile(touched, text.replace('"rows": 20', '"rows": 21'));
    const { code, out } = await run('verify', touched);
    expect(code).toBe(1);
    expect(out).toContain('La chaîne se rompt à la page 2');
    await writeFile(touched, text.slice(0, 500));
    expect((await run('verify', touched)).code).toBe(1);
    await truncate(touched, maxReportBytes + 1);
    expect(await run('verify', touched)).toMatchObject({ code: 1, out: expect.stringContaining('64 Mio') });
  });

  it('ends with 2 for a file that cannot be read and for a key that is none', async () => {
    expect((await run('verify', join(folder, 'nowhere.json'))).code).toBe(2);
    expect((await run('verify', file, '--key', 'short')).code).toBe(2);
    expect((await run('verify')).code).toBe(2);
  });
});

describe('sync report', () => {
  it('gives the signed JSON, or a page for people, to the terminal or to a file', async () => {
    const { out } = await run('report', '42');
    expect(`${out}\n`).toBe(await readFile(file, 'utf8'));
    const page = join(folder, 'report.html');
    expect((await run('report', '42', '--html', '-o', page)).code).toBe(0);
    expect(await readFile(page, 'utf8')).toMatch(/^<!doctype html>/);
    expect((await run('report', 'x')).code).toBe(2);
  });
});
