import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { listLimits } from '../../src/tabular/table.ts';
import { writeXlsx } from '../../src/tabular/write-xlsx.ts';
import { readXlsx } from '../../src/tabular/xlsx.ts';
import { fixture, plain, sheetOf, told, workbook } from './workbook.ts';

const read = (bytes: Uint8Array, choice = {}): ReturnType<typeof readXlsx> =>
  readXlsx(bytes, 'l.xlsx', choice);

describe('rows out of a workbook', () => {
  it('are what its cells show: dates, numbers with the zeros of their format, texts with several fonts', () => {
    const { table, issues } = read(fixture('partners.xlsx'));
    expect(issues).toEqual([]);
    expect(plain(table)).toEqual([
      {
        'N° FINESS': '990780116',
        Établissement: 'Centre hospitalier des Coteaux (inventé)',
        Rôle: 'partenaire',
        'Code postal': '01000',
        Depuis: '2024-01-15',
        Remarque: 'établissement inventé',
      },
      {
        'N° FINESS': '990780124',
        Établissement: 'Clinique du Méandre (inventée)',
        Rôle: 'partenaire',
        'Code postal': '99002',
        Depuis: '2024-03-01',
      },
      {
        'N° FINESS': '010780054',
        Établissement: 'Centre de soins de la Forêt (inventé)',
        Rôle: 'partenaire',
        'Code postal': '99003',
        Depuis: '2024-09',
      },
    ]);
    expect(table?.rows[2]?.cells.get('Depuis')?.position).toEqual({
      file: 'l.xlsx',
      line: 5,
      column: 5,
      cell: 'Partenaires:E5',
    });
  });

  it('come with every doubt: merged cells, errors, formulas, hidden rows, cells beside the table', () => {
    const { table, issues } = read(fixture('doubtful.xlsx'));
    expect(told(issues)).toEqual([
      'l.xlsx:Liste 2026:D2:D3 error Cellules fusionnées (D2:D3) : défusionnez-les et écrivez la valeur dans chaque ligne concernée.',
      'l.xlsx:Liste 2026:B4 error La cellule affiche l’erreur #N/A : corrigez sa formule ou effacez-la.',
      'l.xlsx:Liste 2026:C4 error La cellule affiche l’erreur #DIV/0! : corrigez sa formule ou effacez-la.',
      'l.xlsx:Liste 2026:E6 error Cette ligne a plus de cellules que la première ligne n’a de noms.',
      'l.xlsx:Liste 2026:C2 warning Valeur calculée par une formule (2 dans cette colonne), lue telle qu’enregistrée. Est-elle juste ? Sinon, collez la colonne en valeurs.',
      'l.xlsx:Liste 2026:A5 warning Lignes masquées (1) : elles sont lues comme les autres. Est-ce voulu ? Sinon, supprimez-les.',
    ]);
    expect(plain(table)?.[0]).toEqual({ id: 'a', nom: 'Un', niveau: 'niveau-1', ville: 'Ville fictive' });
  });

  it('are of the sheet that is named, and of none when several could be meant', () => {
    const two = workbook({ sheets: ['Partenaires', 'Contacts'], sheet: sheetOf([['id'], ['a']]) });
    expect(plain(read(two, { sheet: 'Partenaires' }).table)).toEqual([{ id: 'a' }]);
    expect(told(read(two).issues)).toEqual([
      'l.xlsx:1:1 error Le classeur a 2 feuilles (« Partenaires », « Contacts ») : dites laquelle par « feuille: ».',
    ]);
    expect(told(read(two, { sheet: 'Partenaire' }).issues)).toEqual([
      'l.xlsx:1:1 error La feuille « Partenaire » n’est pas dans le classeur. Feuilles : « Partenaires », « Contacts ».',
    ]);
    expect(told(read(fixture('doubtful.xlsx'), { sheet: 'Cachée' }).issues)).toEqual([
      'l.xlsx:1:1 warning La feuille « Cachée » est masquée : est-ce bien elle ?',
    ]);
  });

  it('begin below a title when the row of the headers is named, merged title or not', () => {
    const sheet = `${sheetOf([['Liste des partenaires'], ['id', 'nom'], ['a', 'Un']])}<mergeCells><mergeCell ref="A1:B1"/></mergeCells>`;
    const { table, issues } = read(workbook({ sheet }), { headerRow: 2 });
    expect(issues).toEqual([]);
    expect(plain(table)).toEqual([{ id: 'a', nom: 'Un' }]);
    expect(read(workbook({ sheet })).issues[0]?.message).toMatch(/^Cellules fusionnées \(A1:B1\)/);
  });

  const numbers: [string, string, string, string][] = [
    ['a whole number in exponent form', '9.90780116E8', '', '990780116'],
    ['an amount', '0.30000000000000004', '', '0.3'],
    ['a day of the 1900 system', '45306', 's="1"', '2024-01-15'],
    ['a moment, as its day', '45306.75', 's="1"', '2024-01-15'],
    ['a time of the day', '0.75', 's="1"', '18:00'],
    ['the first day', '1', 's="1"', '1900-01-01'],
    ['a truth', '1', 't="b"', 'true'],
    ['an ISO date', '2024-01-15T00:00:00', 't="d"', '2024-01-15'],
    ['an escaped character', 'a_x0041_', 't="str"', 'aA'],
  ];
  const styles =
    '<styleSheet><numFmts><numFmt numFmtId="170" formatCode="[$-40C]d&quot; jour&quot; mmmm"/></numFmts>' +
    '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/></cellXfs></styleSheet>';
  const oneCell = (cell: string, workbookPr = ''): Uint8Array =>
    workbook({
      styles,
      workbookPr,
      sheet: `<sheetData><row><c t="inlineStr"><is><t>x</t></is></c></row><row>${cell}</row></sheetData>`,
    });
  it.each(numbers)('show %s', (_, value, attributes, expected) => {
    expect(plain(read(oneCell(`<c ${attributes}><v>${value}</v></c>`)).table)).toEqual([{ x: expected }]);
  });

  it('count days from 1904 where the workbook does', () => {
    const bytes = oneCell('<c s="2"><v>43844</v></c>', '<workbookPr date1904="1"/>');
    expect(plain(read(bytes).table)).toEqual([{ x: '2024-01-15' }]);
  });

  const wrong: [string, string, RegExp][] = [
    ['29 February 1900', '<c s="1"><v>60</v></c>', /Date impossible/],
    ['a day before all days', '<c s="1"><v>-3</v></c>', /Date impossible/],
    ['a number rounded by the spreadsheet', '<c><v>1234567890123456</v></c>', /plus de 15 chiffres/],
    ['a number that is none', '<c><v>1,5</v></c>', /Nombre illisible/],
    ['a formula never computed', '<c><f>A1</f></c>', /jamais calculée/],
    ['a text that is not there', '<c t="s"><v>7</v></c>', /abîmé/],
  ];
  it.each(wrong)('refuse %s, at its cell', (_, cell, message) => {
    const { issues } = read(oneCell(cell));
    expect(issues[0]?.message).toMatch(message);
    expect(issues[0]?.source?.cell).toBe('S:A2');
  });

  it('accept as many rows, columns and characters as the limit says, and refuse one more', () => {
    const rows = (count: number): Uint8Array =>
      workbook({ sheet: sheetOf([['id'], ...Array<string[]>(count).fill(['x'])]) });
    expect(read(rows(listLimits.rows)).table?.rows).toHaveLength(listLimits.rows);
    expect(read(rows(listLimits.rows + 1)).issues[0]?.code).toBe('too-long');
    const columns = (count: number): Uint8Array =>
      workbook({ sheet: sheetOf([Array.from({ length: count }, (_, n) => `c${n}`)]) });
    expect(read(columns(listLimits.columns)).issues).toEqual([]);
    expect(read(columns(listLimits.columns + 1)).issues[0]?.code).toBe('too-long');
    const cell = (length: number): Uint8Array => workbook({ sheet: sheetOf([['id'], ['x'.repeat(length)]]) });
    expect(read(cell(listLimits.cell)).issues).toEqual([]);
    expect(read(cell(listLimits.cell + 1)).issues[0]?.code).toBe('too-long');
  });

  it('give back what was written, whatever the cells hold', () => {
    const cell = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 40 }).map((text) => `x${text}x`),
      fc.constantFrom(
        '',
        '=1+1',
        '@x',
        '+33 1',
        '-2',
        "'=x",
        '010000123',
        '_x000D_',
        'a\r\nb\u0007',
        '2024-02-29',
        '1899-12-31',
      ),
    );
    const rows = fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(rows, (written) => {
        const names = ['a', 'b', 'c'];
        const { table, issues } = read(writeXlsx('Liste', names, written, new Set([2])));
        expect(issues).toEqual([]);
        const full = written.filter((row) => row.some(Boolean));
        expect(plain(table)).toEqual(
          full.map((row): Record<string, string> =>
            Object.fromEntries(row.flatMap((text, n) => (text ? [[names[n]!, text]] : []))),
          ),
        );
      }),
    );
  });
});
