import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createExtractSource } from '../../../src/directory/extract/source.ts';
import { freshDatabase, type TestDatabase } from '../../database.ts';
import { heldRows, sync, syncParts } from '../sync-ground.ts';
import { finess, lineOf, rpps, writeExtract } from './lines.ts';

const folder = mkdtempSync(join(tmpdir(), 'refused-'));
const databases: TestDatabase[] = [];
let database: TestDatabase;
beforeEach(async () => {
  database = await freshDatabase();
  databases.push(database);
});
afterAll(async () => {
  await Promise.all(databases.map((one) => one.close()));
  rmSync(folder, { recursive: true });
});

/** The extract of one night, read and applied. */
async function night(day: number, lines: readonly string[]) {
  const name = `PS_LibreAcces_Personne_activite_202611${String(day).padStart(2, '0')}0800.txt`;
  const file = writeExtract(folder, lines, { name });
  const now = () => Date.parse('2026-11-28');
  return sync(syncParts(database.store), createExtractSource({ id: 'rpps', files: [file], now }));
}

const person = (number: number) => `P8${rpps(number)}`;
const place = (number: number) => `S1${finess(number)}`;

/** What vanished, persons and structures by their keys, roles by their person's. */
const vanished = async () =>
  (await heldRows(database.store, 'rpps'))
    .filter(({ state }) => state === 'vanished')
    .map(({ kind, key, practitioner }) =>
      kind === 'PractitionerRole' ? `role of ${String(practitioner)}` : String(key),
    )
    .sort();

const unnamed = lineOf(1, 1, { "Nom d'exercice": '' });
const first = [lineOf(1, 1), lineOf(2, 2), lineOf(3, 3)];
const gone2 = [person(2), place(2), `role of ${person(2)}`].sort();

/** Person 2 leaves, and a line like this stands in the extract every night. */
async function withStanding(...damaged: string[]) {
  await night(1, first);
  const nights = [];
  for (const day of [2, 3, 4]) nights.push(await night(day, [...damaged, lineOf(3, 3)]));
  return nights;
}

describe('a line of an extract that is refused every night (P-10)', () => {
  it('protects the professional it names, with all their roles, and nobody else', async () => {
    const nights = await withStanding(unnamed);
    expect(nights.map(({ complete }) => complete)).toEqual([true, true, true]);
    expect(await vanished()).toEqual(gone2);
  });

  it.each([
    [
      'whose national identifier is missing, and whose RPPS is not',
      lineOf(1, 1, { 'Identification nationale PP': '' }),
    ],
    ['of too many cells', lineOf(1, 1, { 'Libellé Voie (coord. structure)': 'DES|TESTS|ET|ESSAIS' })],
    ['that was cut behind its first cells', lineOf(1, 1).split('|').slice(0, 12).join('|')],
  ])('protects the professional it names though it is one %s', async (_, line) => {
    await withStanding(line);
    expect(await vanished()).toEqual(expect.arrayContaining([person(2), `role of ${person(2)}`]));
    expect(await vanished()).not.toEqual(expect.arrayContaining([person(1)]));
    expect(await vanished()).not.toContain(`role of ${person(1)}`);
  });

  it('protects one in pieces: a line break in a cell makes two of it, the second names nobody', async () => {
    const broken = lineOf(1, 1, { 'Libellé Voie (coord. structure)': 'DES\nTESTS' }).split('\n');
    const nights = await withStanding(...broken);
    expect(nights.map(({ complete }) => complete)).toEqual([true, true, true]);
    expect(await vanished()).toEqual(gone2);
  });

  it('protects the structure it names, where nothing else is left that refers to it', async () => {
    await night(1, [...first, lineOf(4, 9)]);
    for (const day of [2, 3, 4]) await night(day, [lineOf(1, 9, { "Nom d'exercice": '' }), lineOf(3, 3)]);
    expect(await vanished()).not.toContain(place(9));
    expect(await vanished()).toContain(`role of ${person(4)}`);
  });

  it('protects a role that was missed once already: counting begins anew', async () => {
    await night(1, first);
    await night(2, [lineOf(2, 2), lineOf(3, 3)]);
    await night(3, [unnamed, lineOf(2, 2), lineOf(3, 3)]);
    await night(4, [lineOf(2, 2), lineOf(3, 3)]);
    expect(await vanished()).toEqual([]);
    await night(5, [lineOf(2, 2), lineOf(3, 3)]);
    expect(await vanished()).toContain(person(1));
  });

  it.each([
    ['without any number', lineOf(1, 1, { 'Identification nationale PP': '', 'Identifiant PP': '' })],
    [
      'with two numbers that contradict each other, none of them right',
      lineOf(1, 1, { 'Identification nationale PP': '810999900004', "Nom d'exercice": '' }).replace(
        `|${rpps(1)}|`,
        '|10999900002|',
      ),
    ],
    ['that is a piece of nothing before it', 'DES TESTS||99001 ESSAIVILLE|99001|99001|'],
  ])('proves nobody’s absence while it stands when it names nobody: %s', async (_, line) => {
    const nights = await withStanding(line);
    expect(nights.map(({ complete }) => complete)).toEqual([false, false, false]);
    expect(await vanished()).toEqual([]);
    for (const day of [5, 6]) await night(day, [lineOf(3, 3)]);
    expect(await vanished()).toEqual(expect.arrayContaining([person(1), person(2)]));
  });
});
