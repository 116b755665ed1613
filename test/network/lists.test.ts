import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { formatIssue } from '../../src/fhir/issue.ts';
import { readNetwork } from '../../src/network/read.ts';
import { issuesOf, type Kinds, kindsOfTheProject } from './project.ts';

const network = `kind: cso
id: cso-fictif
name: CSO fictif
territoire: { nom: Département fictif, region: bretagne, departements: [{ code: '22', nom: Côtes-d'Armor }] }
etablissements:
  - { id: porteur, nom: Porteur fictif, finess: '990780017', role: porteur }
`;

describe('a list kept in a spreadsheet', () => {
  let kinds: Kinds;
  let folder: string;
  let file: string;
  beforeAll(async () => {
    kinds = await kindsOfTheProject();
    folder = await mkdtemp(join(tmpdir(), 'passerelle-lists-'));
    file = join(folder, 'reseau.yaml');
  });
  afterAll(() => rm(folder, { recursive: true }));
  beforeEach(() => copyFile('test/fixtures/tabular/partners.xlsx', join(folder, 'p.xlsx')));

  const write = async (entry: string, csv?: string): Promise<void> => {
    await writeFile(file, network + entry);
    if (csv !== undefined) await writeFile(join(folder, 'p.csv'), csv);
  };
  const messages = async (entry: string, csv?: string): Promise<string[]> => {
    await write(entry, csv);
    return (await issuesOf(file, kinds)).map((one) => formatIssue(one).replaceAll(`${folder}/`, ''));
  };
  const rows = async (): Promise<unknown[]> => {
    const list = (await readNetwork(file, kinds)).network?.data['etablissements'];
    return Array.isArray(list) ? list.slice(1) : [];
  };

  const mapped = `  - fichier: p.xlsx
    feuille: Partenaires
    colonnes: { finess: N° FINESS, nom: Établissement, debut: Depuis }
    valeurs: { niveau: niveau-1, statut: public }
`;

  it('is mapped in the network file: columns by their name, values all rows share, ids from the FINESS', async () => {
    expect(await messages(mapped)).toEqual([
      'p.xlsx:Partenaires:A1 information Pas de colonne id : chaque ligne prend le sien de son numéro (« N° FINESS »).',
    ]);
    expect(await rows()).toEqual([
      {
        id: 'finess-990780116',
        nom: 'Centre hospitalier des Coteaux (inventé)',
        finess: '990780116',
        role: 'partenaire',
        niveau: 'niveau-1',
        statut: 'public',
        code_postal: '01000',
        debut: '2024-01-15',
        remarque: 'établissement inventé',
      },
      {
        id: 'finess-990780124',
        nom: 'Clinique du Méandre (inventée)',
        finess: '990780124',
        role: 'partenaire',
        niveau: 'niveau-1',
        statut: 'public',
        code_postal: '99002',
        debut: '2024-03-01',
      },
      {
        id: 'finess-010780054',
        nom: 'Centre de soins de la Forêt (inventé)',
        finess: '010780054',
        role: 'partenaire',
        niveau: 'niveau-1',
        statut: 'public',
        code_postal: '99003',
        debut: '2024-09',
      },
    ]);
  });

  it('says where a value of a workbook stood when the kind refuses it', async () => {
    expect((await messages(mapped.replace('debut: Depuis', 'categorie: Depuis')))[1]).toMatch(
      /^p\.xlsx:Partenaires:E2 error La valeur « 2024-01-15 » est inconnue\./,
    );
  });

  it('is read as people write: words with capitals and accents, French dates, headers with spaces', async () => {
    const csv =
      'Id;Nom;FINESS;Rôle;Niveau;Catégorie;Code postal;Début\n' +
      'a;Un;990780116;Partenaire;Niveau 2;Centre hospitalier;99001;15/01/2024\n';
    expect(await messages('  - fichier: p.csv\n', csv)).toEqual([]);
    expect(await rows()).toEqual([
      {
        id: 'a',
        nom: 'Un',
        finess: '990780116',
        role: 'partenaire',
        niveau: 'niveau-2',
        categorie: 'centre-hospitalier',
        code_postal: '99001',
        debut: '2024-01-15',
      },
    ]);
  });

  it('names all missing columns at once, with those that are there', async () => {
    expect(
      await messages('  - fichier: p.csv\n    colonnes: { ville: Commune }\n', 'nom,rôle\nUn,partenaire\n'),
    ).toEqual([
      'p.csv:1:1 error Colonnes absentes : « Commune » (ville), « id », « finess ». Colonnes du fichier : « nom », « rôle ». ' +
        'Donnez leur correspondance par « colonnes: » ou une valeur commune par « valeurs: ».',
    ]);
  });

  it('may hold columns of its keeper’s own, but not one that is nearly a field', async () => {
    const csv =
      'id,nom,finess,role,niveau,Interlocuteur,statu\na,Un,990780116,partenaire,niveau-1,x,public\n';
    expect(await messages('  - fichier: p.csv\n', csv)).toEqual([
      'p.csv:1:7 error La colonne « statu » est inconnue. Vouliez-vous dire « statut » ?',
      'p.csv:1:6 information Colonnes sans champ de ce nom, ignorées : « Interlocuteur ».',
    ]);
  });

  it('is told an unknown word with the nearest, a wrong key as a warning, a FINESS too short as an error', async () => {
    const csv =
      'id,nom,finess,role,niveau\na,Un,990780117,partenaire,niveau-1\nb,Deux,99078012,partenair,niveau-2\n';
    expect(await messages('  - fichier: p.csv\n', csv)).toEqual([
      'p.csv:2:3 warning La clé du numéro FINESS « 990780117 » est fausse : vérifiez les chiffres.',
      'p.csv:3:3 error « 99078012 » ne convient pas. Numéro FINESS à 9 caractères.',
      'p.csv:3:4 error La valeur « partenair » est inconnue. Vouliez-vous dire « partenaire » ?',
    ]);
  });

  it('gets back the zeros a spreadsheet dropped, where one way only is left, and is told so once', async () => {
    const csv =
      'id,nom,finess,role,niveau,code_postal\na,Un,10780054,partenaire,niveau-1,1000\nb,Deux,990780116,partenaire,niveau-1,1400\n';
    expect(await messages('  - fichier: p.csv\n', csv)).toEqual([
      'p.csv:2:3 warning Zéro de tête rétabli dans la colonne « finess » (1 fois, d’abord ici). Mettez la colonne au format Texte.',
      'p.csv:2:6 warning Zéro de tête rétabli dans la colonne « code_postal » (2 fois, d’abord ici). Mettez la colonne au format Texte.',
    ]);
    expect(await rows()).toMatchObject([
      { finess: '010780054', code_postal: '01000' },
      { code_postal: '01400' },
    ]);
  });

  it('may say one line twice: it counts once, with a warning; two lines under one id are a fault', async () => {
    const line = 'a,Un,990780116,partenaire,niveau-1\n';
    const csv = `id,nom,finess,role,niveau\n${line}${line}a,Autre,990780124,partenaire,niveau-1\n`;
    expect(await messages('  - fichier: p.csv\n', csv)).toEqual([
      'p.csv:3:1 warning Cette ligne répète la ligne 2 : elle est ignorée. Supprimez-la.',
      'p.csv:4:1 error L’id « a » est déjà pris dans cette liste (p.csv, ligne 2).',
    ]);
  });

  it('may hold several regions: a filter keeps those of the network', async () => {
    const csv =
      'id,nom,finess,role,niveau,Région\na,Un,990780116,partenaire,niveau-1,Bretagne\nb,Deux,990780124,partenaire,niveau-1,Île-de-France\n';
    expect(
      await messages('  - fichier: p.csv\n    filtre: { Région: [bretagne, Normandie] }\n', csv),
    ).toEqual(['reseau.yaml:7:5 information Lignes retenues par le filtre : 1 sur 2.']);
    expect(await rows()).toMatchObject([{ id: 'a' }]);
  });

  it('gives rows values made of their own', async () => {
    const csv = 'nom,finess,niveau\nUn,990780116,niveau-1\n';
    await write(
      '  - fichier: p.csv\n    valeurs: { id: "etab-{finess}", role: partenaire, remarque: "{ville} ?" }\n',
      csv,
    );
    expect(await rows()).toEqual([
      { id: 'etab-990780116', nom: 'Un', finess: '990780116', niveau: 'niveau-1', role: 'partenaire' },
    ]);
  });

  it('is refused a mapping to fields there are not, with the field that was meant', async () => {
    const csv = 'id,nom,finess,role,niveau\na,Un,990780116,partenaire,niveau-1\n';
    const entry =
      '  - fichier: p.csv\n    colonne: { nom: nom }\n    colonnes: { vile: nom }\n    valeurs: { status: public }\n';
    expect(await messages(entry, csv)).toEqual([
      'reseau.yaml:8:5 error Le champ « colonne » est inconnu pour une liste. Vouliez-vous dire « colonnes » ?',
      'reseau.yaml:9:17 error Le champ « vile » ne tient pas dans une colonne de cette liste. Vouliez-vous dire « ville » ?',
      'reseau.yaml:10:16 error Le champ « status » ne tient pas dans une colonne de cette liste. Vouliez-vous dire « statut » ?',
      'p.csv:1:1 error Colonne absente : « nom ». Colonnes du fichier : « id », « nom », « finess », « role », « niveau ». ' +
        'Donnez leur correspondance par « colonnes: » ou une valeur commune par « valeurs: ».',
    ]);
  });
});
