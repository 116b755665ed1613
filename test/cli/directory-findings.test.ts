import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KeptFinding, TolerateArguments } from '../../src/directory/told.ts';
import { runWith } from './run-with.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'passerelle-findings-'));
});
afterAll(() => rm(folder, { recursive: true }));

const closed: KeptFinding = {
  ...{ kind: 'closed', type: 'Organization', key: 'https://finess.esante.gouv.fr|990780033' },
  ...{
    severity: 'error',
    state: 'open',
    message: '=Fermée ; à remplacer',
    expression: 'Organization.active',
  },
  ...{ theme: '04', action: 'COR', networks: [{ network: 'coreso', place: 'coreso.yaml:12' }] },
  ...{ firstSeen: '2026-11-20T02:00:00.000Z', lastSeen: '2026-11-28T02:00:00.000Z' },
};
const tolerated: KeptFinding = {
  ...{ ...closed, kind: 'street-moved', state: 'tolerated' },
  tolerated: {
    until: '2027-03-31',
    reason: 'Dossier en cours',
    actor: 'operator',
    decidedAt: '2026-11-28T08:00:00Z',
  },
};

/** Runs a command line; the gateway behind it only has these findings. */
async function run(found: KeptFinding[], ...args: string[]) {
  const asked: unknown[] = [];
  const operations = {
    directoryFindings: async (given: unknown) => (asked.push(given), found),
    directoryTolerate: async (given: TolerateArguments) => (asked.push(given), tolerated),
  };
  return { ...(await runWith(operations, ['directory', ...args])), asked };
}

describe('directory findings', () => {
  it('lists them for people, and exits 1 while one is open', async () => {
    const { code, out } = await run([closed, tolerated], 'findings');
    expect(code).toBe(1);
    expect(out).toContain('990780033  closed  [ouverte]  coreso.yaml:12');
    expect(out).toContain('tolérée jusqu’au 2027-03-31 : Dossier en cours');
    expect(out).toContain('1 ouverte(s), 1 tolérée(s)');
    expect((await run([tolerated], 'findings')).code).toBe(0);
  });

  it('writes them for a French spreadsheet, which takes nothing for a formula, or as JSON', async () => {
    const file = join(folder, 'anomalies.csv');
    await run([closed, tolerated], 'findings', '-o', file);
    const [head, first, second, end] = (await readFile(file, 'utf8')).split('\r\n');
    expect(head).toMatch(/^\uFEFFGenre;Gravité;État;Ressource;Numéro;/);
    expect(first).toContain(';990780033;"\'=Fermée ; à remplacer";');
    expect(second).toContain('2027-03-31;Dossier en cours;operator');
    expect(end).toBe('');
    const json = join(folder, 'anomalies.json');
    await run([closed], 'findings', '--format', 'json', '-o', json);
    expect(JSON.parse(await readFile(json, 'utf8'))).toEqual([closed]);
  });

  it('asks for one state only, of those there are', async () => {
    expect((await run([], 'findings', '--state', 'gone')).asked).toEqual([{ state: 'gone' }]);
    expect((await run([], 'findings', '--state', 'other')).code).toBe(2);
  });
});

describe('directory tolerate', () => {
  it('passes key, kind, reason and last day on, and shows the finding', async () => {
    const args = [
      '990780033',
      '--kind',
      'street-moved',
      '--reason',
      'Dossier en cours',
      '--until',
      '2027-03-31',
    ];
    const { code, out, asked } = await run([], 'tolerate', ...args);
    expect(code).toBe(0);
    expect(asked).toEqual([
      { key: '990780033', kind: 'street-moved', reason: 'Dossier en cours', until: '2027-03-31' },
    ]);
    expect(out).toContain('[tolérée]');
  });

  it('takes it back, and refuses a day that is none', async () => {
    expect((await run([], 'tolerate', '990780033', '--undo')).asked).toEqual([
      { key: '990780033', undo: true },
    ]);
    expect((await run([], 'tolerate', '990780033', '--until', '2027-02-30')).code).toBe(2);
  });
});
