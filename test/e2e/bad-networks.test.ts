/** Bad input of every kind a network can hold, as `passerelle check` tells it: the place, what is wrong, what to do. */
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { workbook } from '../tabular/workbook.ts';
import { passerelle, root, workFolder } from './passerelle.ts';

type Bad = {
  /** Lines printed, in any order; the files may be told more. */
  told: readonly string[];
  /** Files to write; the first `.yaml` is checked. */
  files?: Record<string, string | Uint8Array>;
  /** Or a fixture of the checkout, and its name here. */
  fixture?: readonly [from: string, to: string];
};

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const windows1252 = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));

/** A filière with a lead establishment and further lines of its list of establishments. */
function filiere(id: string, ...lines: readonly string[]): Record<string, string> {
  const text = `kind: cso
id: cso-${id}
name: Filière fictive ${id}
territoire: { nom: Fictif, region: bretagne, departements: [{ code: '22', nom: Côtes-d'Armor, partie: ${id} }] }
etablissements:
  - { id: porteur, nom: Porteur fictif, finess: '990780017', role: porteur }
`;
  return { [`${id}.yaml`]: text + lines.map((line) => `  - ${line}\n`).join('') };
}

const listed = (id: string, file: string, bytes: string | Uint8Array): NonNullable<Bad['files']> => ({
  ...filiere(id, `{ fichier: ${file} }`),
  [file]: bytes,
});

/** A workbook with one establishment, its FINESS the XML of a cell B2. */
const withCell = (cell: string, more = ''): Uint8Array => {
  const text = (at: string, value: string): string =>
    `<c r="${at}" t="inlineStr"><is><t>${value}</t></is></c>`;
  const header = text('A1', 'nom') + text('B1', 'finess') + text('C1', 'role');
  const row = text('A2', 'Clinique fictive') + cell + text('C2', 'partenaire');
  const sheet = `<sheetData><row r="1">${header}</row><row r="2">${row}</row></sheetData>${more}`;
  return workbook({ sheets: ['Partenaires'], sheet });
};

const clinic = (id: string, name: string, finess: string, more = ''): string =>
  `{ id: ${id}, nom: ${name}, finess: '${finess}', role: partenaire${more} }`;

const cases: Record<string, Bad> = {
  'a list with missing columns': {
    files: listed('colonnes', 'colonnes.csv', 'nom;ville\nClinique fictive;Ici\n'),
    told: [
      'colonnes.csv:1:1 faute Colonnes absentes : « id », « finess », « role ». Colonnes du fichier : « nom », « ville ». Donnez leur correspondance par « colonnes: » ou une valeur commune par « valeurs: ».',
    ],
  },
  'a list in UTF-8 with its mark and in Windows-1252': {
    files: listed(
      'encodages',
      'encodages.csv',
      Buffer.concat([
        utf8('\uFEFFnom;finess;role\nHôpital fictif;990780116;partenaire\n'),
        windows1252('Clinique de la Forêt;990780124;partenaire\n'),
      ]),
    ),
    told: [
      'encodages.csv:3:1 faute Deux encodages dans un même fichier : la ligne 1 est en UTF-8, celle-ci non (Windows-1252). Retapez ses caractères accentués, puis enregistrez la liste en CSV UTF-8.',
    ],
  },
  'merged cells': {
    files: listed(
      'fusion',
      'fusion.xlsx',
      withCell(
        '<c r="B2" t="inlineStr"><is><t>990780116</t></is></c>',
        '<mergeCells><mergeCell ref="C2:C3"/></mergeCells>',
      ),
    ),
    told: [
      'fusion.xlsx:Partenaires:C2:C3 faute Cellules fusionnées (C2:C3) : défusionnez-les et écrivez la valeur dans chaque ligne concernée.',
    ],
  },
  'a formula with its last value': {
    files: listed(
      'formule',
      'formule.xlsx',
      withCell('<c r="B2" t="str"><f>TEXT(A9)</f><v>990780116</v></c>'),
    ),
    told: [
      'formule.xlsx:Partenaires:B2 avertissement Valeur calculée par une formule (1 dans cette colonne), lue telle qu’enregistrée. Est-elle juste ? Sinon, collez la colonne en valeurs.',
    ],
  },
  'a formula never computed': {
    files: listed('sans-valeur', 'sans-valeur.xlsx', withCell('<c r="B2"><f>Z2</f></c>')),
    told: [
      'sans-valeur.xlsx:Partenaires:B2 faute Formule jamais calculée : ouvrez le classeur dans un tableur et enregistrez-le, ou écrivez la valeur.',
    ],
  },
  'a formula that shows an error': {
    files: listed('erreur', 'erreur.xlsx', withCell('<c r="B2" t="e"><f>#REF!</f><v>#REF!</v></c>')),
    told: [
      'erreur.xlsx:Partenaires:B2 faute La cellule affiche l’erreur #REF! : corrigez sa formule ou effacez-la.',
    ],
  },
  'one line twice, and two under one id': {
    files: listed(
      'doubles',
      'doubles.csv',
      'id;nom;finess;role\na;Clinique A;990780116;partenaire\na;Clinique A;990780116;partenaire\na;Clinique B;990780124;partenaire\n',
    ),
    told: [
      'doubles.csv:3:1 avertissement Cette ligne répète la ligne 2 : elle est ignorée. Supprimez-la.',
      'doubles.csv:4:1 faute L’id « a » est déjà pris dans cette liste (doubles.csv, ligne 2).',
    ],
  },
  'two spellings of one establishment, a question': {
    files: filiere(
      'noms',
      clinic('a', 'Clinique du Méandre', '990780116', ", code_postal: '22000'"),
      clinic('b', 'Cliniqe du Meandre', '990780124', ", code_postal: '22000'"),
    ),
    told: [
      'noms.yaml:8:14 note « Cliniqe du Meandre » et « Clinique du Méandre » (noms.yaml:7:14), au même endroit : un seul établissement sous deux FINESS ? Répondez par « doublons: » : distincts: [a, b] ou identiques: [a, b].',
    ],
  },
  'unknown codes': {
    files: filiere('codes', clinic('a', 'Clinique A', '990780116', ', statut: publik, categorie: chateau')),
    told: [
      'codes.yaml:7:70 faute La valeur « publik » est inconnue. Vouliez-vous dire « public » ?',
      expect.stringMatching(
        /^codes\.yaml:7:86 faute La valeur « chateau » est inconnue\. Valeurs possibles : /,
      ) as never,
    ],
  },
  'establishments that depend on each other in a circle': {
    files: filiere(
      'cercle',
      clinic('a', 'Clinique A', '990780116', ', rattache_a: b'),
      clinic('b', 'Clinique B', '990780124', ', rattache_a: a'),
    ),
    told: [
      "cercle.yaml:7:70 faute Ce site dépend de « b », qui dépend de lui, directement ou par d'autres : un rattachement ne tourne pas en rond. Retirez rattache_a de l'établissement principal.",
    ],
  },
  'a lead establishment that is its own partner': {
    files: filiere('porteur', clinic('a', 'Porteur fictif', '990780017')),
    told: [
      "porteur.yaml:7:35 faute Le FINESS « 990780017 » figure déjà dans la liste à la même période : un établissement porteur n'est pas son propre partenaire, et un établissement n'est inscrit qu'une fois. Supprimez l'une des deux lignes, ou terminez la première (fin) avant que l'autre commence.",
    ],
  },
  'a member twice at once': {
    fixture: ['networks/refused/cpts-unproven.yaml', 'membre.yaml'],
    told: [
      'membre.yaml:26:44 faute Le RPPS « 10999900003 » figure déjà dans la liste à la même période : terminez sa première ligne (fin) avant que celle-ci commence, ou supprimez-en une.',
    ],
  },
  'a stage that goes backwards': {
    fixture: ['networks/refused/stages-backwards.yaml', 'etapes.yaml'],
    told: [
      "etapes.yaml:10:7 faute L'étape « idee » ne peut pas venir après celle qui est écrite au-dessus : corrigez l'étape, ou l'ordre des étapes ; une étape franchie ne se reprend pas.",
    ],
  },
  'an ESS without specialist': {
    fixture: ['networks/refused/general-practitioners-only.yaml', 'ess.yaml'],
    told: [
      'ess.yaml:12:1 faute Une ESS compte parmi ses membres au moins un médecin spécialiste hors médecine générale à cette date : ajoutez-le, ou corrigez ses dates (debut, fin).',
    ],
  },
  'a CPTS without territory': {
    fixture: ['networks/refused/cpts-without-territory.yaml', 'cpts.yaml'],
    told: [
      'cpts.yaml:6:1 faute Une CPTS a un territoire, décrit par ses communes (ou ses départements) : donnez-les dans « territoire ».',
    ],
  },
  'a mapping with an unknown transform': {
    fixture: ['mapping/bad/unknown-transform.yaml', 'inconnue/mapping.yaml'],
    told: [
      'inconnue/mapping.yaml:9:28 faute Transformation inconnue « sparkle » ; connues : date, phone, trim, upper, lower, email, number, text, id-nat-st, id-nat-ps.',
    ],
  },
  'a mapping with a loop that cannot end': {
    fixture: ['mapping/bad/endless-fragments.yaml', 'sans-fin/mapping.yaml'],
    told: [
      "sans-fin/mapping.yaml:12:34 faute Boucle sans fin : first → second → first. Retirez l'un de ces « $use ».",
    ],
  },
};

describe('bad input, as `check` tells it', () => {
  let place: Awaited<ReturnType<typeof workFolder>>;
  let lines: string[];
  let code: number | null;
  beforeAll(async () => {
    place = await workFolder();
    const checked: string[] = [];
    for (const { files = {}, fixture } of Object.values(cases)) {
      for (const [name, bytes] of Object.entries(files)) await writeFile(join(place.folder, name), bytes);
      if (fixture) {
        await mkdir(join(place.folder, fixture[1], '..'), { recursive: true });
        await copyFile(join(root, 'test/fixtures', fixture[0]), join(place.folder, fixture[1]));
      }
      checked.push(fixture?.[1] ?? Object.keys(files)[0]!);
    }
    const ran = await passerelle(['check', '--at', '2026-11-29', ...checked], { cwd: place.folder });
    lines = ran.stdout.trim().split('\n');
    code = ran.code;
  });
  afterAll(() => place.remove());

  it.each(Object.entries(cases))('%s', (_, { told }) => {
    expect(lines).toEqual(expect.arrayContaining([...told]));
  });

  it('ends with the count of faults and exit 1', () => {
    expect(code).toBe(1);
    expect(lines.at(-1)).toMatch(/^17 fichiers : \d+ fautes, \d+ avertissements\.$/);
  });

  it('tells nothing more of a row whose cell is at fault', () => {
    expect(lines.filter((line) => /^(erreur|sans-valeur)\.xlsx:.* faute /.test(line))).toHaveLength(2);
  });
});
