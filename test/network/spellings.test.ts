import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { formatIssue } from '../../src/fhir/issue.ts';
import { readNetwork } from '../../src/network/read.ts';
import { nearlySame, wordsOf } from '../../src/network/same-name.ts';
import { issuesOf, type Kinds, kindsOfTheProject } from './project.ts';

const one = (id: string, nom: string, finess: string, more = ''): string =>
  `  - { id: ${id}, nom: "${nom}", finess: '${finess}', role: membre, code_postal: '99001'${more} }\n`;

describe('two spellings of one establishment', () => {
  let kinds: Kinds;
  let folder: string;
  let file: string;
  beforeAll(async () => {
    kinds = await kindsOfTheProject();
    folder = await mkdtemp(join(tmpdir(), 'passerelle-spellings-'));
    file = join(folder, 'r.yaml');
  });
  afterAll(() => rm(folder, { recursive: true }));

  const check = async (list: string, decisions = ''): Promise<string[]> => {
    const head =
      'kind: ess\nid: ess-fictive\nname: ESS fictive\nforme: association\n' +
      "territoire: { nom: Fictif, region: bretagne, departements: [{ code: '99', nom: Fictif }] }\n" +
      'specialites: [psychiatrie]\netapes: [{ etape: idee, date: 2025-01-01 }]\n' +
      'missions: [{ id: avis, nom: Avis, mission: tele-expertise, etat: prevue }]\n' +
      'professionnels: [{ id: dr, nom: UN, prenom: Une, rpps: 10999900003, profession: medecin, specialite: psychiatrie, debut: 2025-01-01 }]\n';
    await writeFile(file, `${head}etablissements:\n${list}${decisions}`);
    return (await issuesOf(file, kinds)).map((issue) => formatIssue(issue).replaceAll(`${folder}/`, ''));
  };
  const ids = async (): Promise<unknown[]> => {
    const list = (await readNetwork(file, kinds)).network?.data['etablissements'] as { id: string }[];
    return list.map(({ id }) => id);
  };

  const alike = one('a', 'Clinique du Méandre', '990780116') + one('b', 'CLINIQUE DU MEANDRES', '990780124');

  it('are put as a question, both rows stay, and nothing is merged', async () => {
    expect(await check(alike)).toEqual([
      'r.yaml:12:14 information « CLINIQUE DU MEANDRES » et « Clinique du Méandre » (r.yaml:11:14), au même endroit : un seul établissement sous deux FINESS ? ' +
        'Répondez par « doublons: » : distincts: [a, b] ou identiques: [a, b].',
    ]);
    expect(await ids()).toEqual(['a', 'b']);
  });

  it('are a warning where one number cannot be right', async () => {
    const issues = await check(
      one('a', 'CH de Fictive', '990780116') + one('b', 'Centre hospitalier Fictive', '990780125'),
    );
    expect(issues.filter((issue) => issue.includes('un seul établissement'))).toEqual([
      expect.stringMatching(/^r\.yaml:12:14 warning/),
    ]);
  });

  it('are not asked about elsewhere, for other numbers in the name, or for other words', async () => {
    expect(await check(one('a', 'EHPAD 1', '990780116') + one('b', 'EHPAD 2', '990780124'))).toEqual([]);
    expect(
      await check(one('a', 'Clinique Nord', '990780116') + one('b', 'Clinique Sud', '990780124')),
    ).toEqual([]);
    const far =
      "  - { id: b, nom: Clinique du Méandre, finess: '990780124', role: membre, code_postal: '99002' }\n";
    expect(await check(one('a', 'Clinique du Méandre', '990780116') + far)).toEqual([]);
  });

  it('under one FINESS are a warning, whatever their periods', async () => {
    const left = one('a', 'Clinique du Méandre', '990780116', ', fin: 2024-12-31');
    const back = one('b', 'Clinique de la Boucle', '990780116', ', debut: 2025-06-01');
    expect(await check(left + back)).toContain(
      'r.yaml:12:14 warning Le FINESS 990780116 porte deux noms : « Clinique de la Boucle » et « Clinique du Méandre » (r.yaml:11:14). ' +
        'Est-ce un seul établissement ? Si oui, écrivez un seul nom ; sinon, corrigez l’un des numéros.',
    );
  });

  it('declared distinct are not asked about again', async () => {
    expect(await check(alike, 'doublons: [{ distincts: [a, b] }]\n')).toEqual([]);
    expect(await ids()).toEqual(['a', 'b']);
  });

  it('declared identical are one: the first stays', async () => {
    const same = one('a', 'Clinique du Méandre', '990780116') + one('b', 'CLINIQUE DU MEANDRE', '990780116');
    expect(await check(same, 'doublons: [{ identiques: [a, b] }]\n')).toEqual([
      'r.yaml:12:5 information « b » est le même établissement que « a » (décision du réseau) : seul « a » est retenu.',
    ]);
    expect(await ids()).toEqual(['a']);
  });

  it('decided against what the numbers say are an error, and nothing is merged', async () => {
    expect(await check(alike, 'doublons: [{ identiques: [a, b] }]\n')).toContain(
      'r.yaml:13:30 error « a » et « b » sont dits identiques, mais ont deux FINESS : corrigez l’un des numéros ou cette décision.',
    );
    expect(await ids()).toEqual(['a', 'b']);
    const same = one('a', 'Un', '990780116') + one('b', 'Deux', '990780116');
    expect((await check(same, 'doublons: [{ distincts: [a, b] }]\n')).join('\n')).toContain(
      'sont dits distincts, mais ont le même FINESS',
    );
  });

  it('decided about somebody who is not there are told the nearest', async () => {
    expect(await check(alike, 'doublons: [{ distincts: [a, bb] }]\n')).toContain(
      'r.yaml:13:29 error « bb » n’est l’id d’aucun établissement du réseau. Vouliez-vous dire « b » ?',
    );
  });
});

describe('names', () => {
  it.each([
    ['CHU de Fictive', 'Centre hospitalier universitaire Fictive', true],
    ['Clinique St-Jean', 'clinique saint jean', true],
    ['Hôpital des Coteaux', 'Hopital des Cotaux', true],
    ['Hôpital des Coteaux', 'Hôpital', false],
    ['Clinique A', 'Clinique B', false],
    ['Clinique du Méandre', 'Clinique du Méandre site nord', false],
    ['Maison de santé 12', 'Maison de santé 21', false],
    ['', '', true],
  ])('%s and %s are nearly the same: %s', (a, b, expected) => {
    expect(nearlySame(wordsOf(a), wordsOf(b))).toBe(expected);
    expect(nearlySame(wordsOf(b), wordsOf(a))).toBe(expected);
  });

  it('reads names that are words of the language of the program as names', () => {
    expect(wordsOf('Clinique constructor et toString')).toEqual(['clinique', 'constructor', 'tostring']);
  });
});
