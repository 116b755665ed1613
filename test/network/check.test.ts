import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { checkTogether } from '../../src/network/check-together.ts';
import { closest } from '../../src/network/closest.ts';
import { isPartialDate } from '../../src/network/partial-date.ts';
import { readNetwork } from '../../src/network/read.ts';
import { issuesOf, kindsOfTheProject } from './project.ts';
import type { Kinds } from './project.ts';

describe('checking networks', () => {
  let kinds: Kinds;
  let folder: string;
  beforeAll(async () => {
    kinds = await kindsOfTheProject();
    folder = await mkdtemp(join(tmpdir(), 'passerelle-check-'));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true });
  });
  const refused = (name: string): string => join('test', 'fixtures', 'networks', 'refused', `${name}.yaml`);

  it('depends on the day: a team that was complete is not once its specialist has left', async () => {
    const file = refused('general-practitioners-only');
    expect(await issuesOf(file, kinds, '2026-01-31')).toEqual([]);
    for (const day of ['2026-02-01', '2024-12-31'])
      expect((await issuesOf(file, kinds, day)).map(({ rule }) => rule)).toEqual([
        'ess-speciality-member',
        'ess-specialist',
      ]);
  });

  it('says on which day a member still named is gone, or not yet there', async () => {
    const file = refused('departed-member');
    expect(await issuesOf(file, kinds, '2026-01-31')).toEqual([]);
    expect((await issuesOf(file, kinds, '2026-02-01')).map(({ severity }) => severity)).toEqual([
      'information',
    ]);
    expect((await issuesOf(file, kinds, '2024-12-31')).map(({ severity }) => severity)).toEqual([
      ...['warning', 'error', 'information', 'information'],
    ]);
  });

  it('refuses one id for two networks and names the other file', async () => {
    const one = join(folder, 'one.yaml');
    const two = join(folder, 'two.yaml');
    await writeFile(one, 'kind: a\nid: same\nname: One\n');
    await writeFile(two, 'kind: b\nname: Two\nid: same\n');
    const networks = await Promise.all([one, two].map(async (file) => (await readNetwork(file)).network!));
    expect(checkTogether(networks)).toEqual([
      {
        severity: 'error',
        code: 'duplicate',
        message: `L’id de réseau « same » est déjà celui de ${one}.`,
        source: { file: two, line: 3, column: 1 },
        rule: 'network-id',
      },
    ]);
  });

  it('quotes long values in part only', async () => {
    const file = join(folder, 'long.yaml');
    await writeFile(file, `kind: ${'k'.repeat(10_000)}\nid: i\nname: n\n`);
    const [issue] = await issuesOf(file, kinds);
    expect(issue!.message.length).toBeLessThan(200);
  });

  it.each([
    ['specialitee', 'specialite'],
    ['fni', 'fin'],
    ['Niveau-3', 'niveau-3'],
    ['z', undefined],
    ['radiologie', undefined],
  ])('takes %s for %s', (word, meant) => {
    expect(closest(word, ['specialite', 'fin', 'niveau-3'])).toBe(meant);
  });

  it.each([
    ['2024', true],
    ['2024-02', true],
    ['2024-02-29', true],
    ['2023-02-29', false],
    ['2024-13', false],
    ['24-01-01', false],
    ['2024-1-1', false],
    ['0000', false],
    ['', false],
  ])('knows whether %s is a date: %s', (text, expected) => {
    expect(isPartialDate(text)).toBe(expected);
  });
});
