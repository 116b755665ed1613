import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { formatIssue } from '../../src/fhir/issue.ts';
import { locate } from '../../src/mapping/locate.ts';
import { readNetwork, readNetworks } from '../../src/network/read.ts';
import { issuesOf, kindsOfTheProject } from './project.ts';
import type { Kinds } from './project.ts';

const example = join('examples', 'tables', 'cso-filieres.yaml');

describe('a table of networks', () => {
  let kinds: Kinds;
  let folder: string;
  beforeAll(async () => {
    kinds = await kindsOfTheProject();
  });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'passerelle-table-'));
  });
  afterEach(() => rm(folder, { recursive: true }));
  const write = async (name: string, text: string): Promise<string> => {
    await writeFile(join(folder, name), text);
    return join(folder, name);
  };

  it('gives the 37 filières of the example, each with its territory, its lead establishments and its partners', async () => {
    const { networks, covered, issues } = await readNetworks(example, kinds);
    expect(issues).toEqual([]);
    expect(networks.map(({ id }) => id)).toHaveLength(37);
    expect(new Set(networks.map(({ id }) => id)).size).toBe(37);
    expect(covered).toHaveLength(18);
    for (const { data } of networks) {
      const establishments = data['etablissements'] as { role: string }[];
      expect(establishments.filter(({ role }) => role === 'partenaire')).toHaveLength(3);
      expect(establishments.filter(({ role }) => role === 'porteur').length).toBeGreaterThan(0);
      expect(data['missions']).toHaveLength(2);
    }
    const departments = networks.flatMap(
      ({ data }) => (data['territoire'] as { departements: { code: string }[] }).departements,
    );
    expect(new Set(departments.map(({ code }) => code)).size).toBe(101);
    expect(await issuesOf(example, kinds)).toEqual([]);
  });

  it('says of each part in which cell of which file it stands', async () => {
    const { networks } = await readNetworks(example, kinds);
    const [first] = networks;
    expect(locate(first!, '/territoire/departements/0/code')).toEqual({
      file: join('examples', 'tables', 'cso-filieres.csv'),
      line: 2,
      column: expect.any(Number),
    });
    expect(locate(first!, '/etablissements/0/finess').file).toContain('cso-partenaires.csv');
  });

  it('gives each network a text that would describe it alone', async () => {
    const { networks } = await readNetworks(example, kinds);
    const alone = await write('alone.yaml', networks[20]!.text);
    const { network, issues } = await readNetwork(alone, kinds);
    expect(issues).toEqual([]);
    expect(network?.data).toEqual(networks[20]!.data);
    expect(network?.hash).toBe(networks[20]!.hash);
  });

  it('adds what is common to what is each network’s own: lists follow one another, of other fields its own wins', async () => {
    const file = await write(
      'table.yaml',
      `kind: cso
liste_complete: false
missions: [{ id: recours, mission: soins-troisieme-recours }]
acteurs: [{ id: un, nom: Acteur fictif, type: ville, dans_reseau: un }]
reseaux:
  - { id: un, name: Un, missions: [{ id: rcp, mission: rcp-chirurgie-bariatrique }] }
  - { id: deux, name: Deux, liste_complete: true }
`,
    );
    const { networks } = await readNetworks(file, kinds);
    expect(networks.map(({ data }) => data)).toEqual([
      {
        kind: 'cso',
        id: 'un',
        name: 'Un',
        liste_complete: false,
        missions: [
          { id: 'recours', mission: 'soins-troisieme-recours' },
          { id: 'rcp', mission: 'rcp-chirurgie-bariatrique' },
        ],
        acteurs: [{ id: 'un', nom: 'Acteur fictif', type: 'ville' }],
      },
      {
        kind: 'cso',
        id: 'deux',
        name: 'Deux',
        liste_complete: true,
        missions: [{ id: 'recours', mission: 'soins-troisieme-recours' }],
      },
    ]);
  });

  it('takes its columns by name or as the file maps them, and leaves no gap for an item that a row has not', async () => {
    await write(
      'rows.csv',
      'Filière;Nom;territoire/departements/1/code;territoire/departements/3/code;disciplines\nun;Un;21;71;nutrition, psychologie\n',
    );
    const file = await write(
      'table.yaml',
      `kind: cso
reseaux:
  - fichier: rows.csv
    colonnes: { id: Filière, name: Nom }
`,
    );
    const { networks, issues } = await readNetworks(file, kinds);
    expect(issues).toEqual([]);
    expect(networks[0]!.data).toEqual({
      kind: 'cso',
      id: 'un',
      name: 'Un',
      territoire: { departements: [{ code: '21' }, { code: '71' }] },
      disciplines: ['nutrition', 'psychologie'],
    });
  });

  it.each([
    ['is empty', 'reseaux: []', ['table.yaml:2:1 error La liste « reseaux » est vide.']],
    ['is no list', 'reseaux: un', ['table.yaml:2:1 error Le champ « reseaux » attend une liste.']],
    [
      'names its regions as one text',
      'reseaux: [{ id: a, name: A }]\ncouvre: bretagne',
      ['table.yaml:3:1 error Le champ « couvre » attend une liste de régions.'],
    ],
    [
      'names a file that is not there',
      'reseaux: [{ fichier: rien.csv }]',
      [
        'table.yaml:2:13 error Fichier « rien.csv » introuvable dans le dossier du réseau.',
        'table.yaml:2:1 error La liste « reseaux » est vide.',
      ],
    ],
  ])('that %s is refused with its line', async (_what, text, messages) => {
    const { issues } = await readNetworks(await write('table.yaml', `kind: cso\n${text}\n`), kinds);
    expect(issues.map((issue) => formatIssue(issue).replaceAll(join(folder, '/'), ''))).toEqual(messages);
  });

  it('holds at most 5,000 networks', async () => {
    const networks = Array.from({ length: 5_001 }, (_, index) => `  - { id: r-${index} }`).join('\n');
    const { issues } = await readNetworks(
      await write('table.yaml', `kind: cso\nreseaux:\n${networks}\n`),
      kinds,
    );
    expect(issues.map(({ message }) => message)).toEqual(['Plus de 5000 réseaux dans un fichier.']);
  });

  it('is not taken where one network is expected', async () => {
    const { network, issues } = await readNetwork(example, kinds);
    expect(network).toBeUndefined();
    expect(issues.map(({ message }) => message)).toEqual([
      'Ce fichier décrit plusieurs réseaux ; un seul est attendu ici.',
    ]);
  });
});
