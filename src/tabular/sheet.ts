/** The rows of one sheet of a workbook (ECMA-376 part 1, §18.3): what each cell shows, and what is doubtful about it. */
import type { Position } from '../fhir/issue.ts';
import { columnOf, lettersOf, numberText, type CellValue } from './cell-values.ts';
import type { Sheet, Workbook } from './workbook.ts';
import type { XmlHandlers } from './xml.ts';

/** The texts that cells share, by number from 0. */
export type SharedTexts = { at(index: number): string | undefined };

export type SheetCell = CellValue & { formula?: true };

export type SheetRow = { number: number; hidden: boolean; cells: ReadonlyMap<number, SheetCell> };

/** More merged ranges than anybody mends one by one are not told one by one. */
const maxMerged = 1_000;

/** What calls `add` with each row that holds something; ranges of merged cells, as written (`B2:B5`), go to `merged`. */
export function sheetRows(
  { styles, from1904 }: Pick<Workbook, 'styles' | 'from1904'>,
  texts: SharedTexts,
  merged: string[],
  add: (row: SheetRow) => void,
): XmlHandlers {
  let number = 0;
  let hidden = false;
  let cells = new Map<number, SheetCell>();
  let column = -1;
  let cell = emptyCell();
  let into: 'value' | 'inline' | undefined;
  return {
    open: (name, attributes) => {
      if (name === 'row') {
        number = Number(attributes['r'] ?? number + 1);
        hidden = attributes['hidden'] === '1' || attributes['hidden'] === 'true';
        cells = new Map();
        column = -1;
      } else if (name === 'c') {
        column = columnOf(attributes['r'] ?? '') ?? column + 1;
        cell = { ...emptyCell(), type: attributes['t'] ?? 'n', style: Number(attributes['s'] ?? 0) };
      } else if (name === 'f') cell.formula = true;
      else if (name === 'v') into = 'value';
      else if (name === 't') into = 'inline';
      else if (name === 'mergeCell' && merged.length < maxMerged) merged.push(attributes['ref'] ?? '');
    },
    close: (name) => {
      if (name === 'v' || name === 't') into = undefined;
      else if (name === 'c') {
        const shown = unescaped(shownBy(cell, { texts, styles, from1904 }));
        if (shown) cells.set(column, cell.formula ? { ...shown, formula: true } : shown);
      } else if (name === 'row' && cells.size > 0) add({ number, hidden, cells });
    },
    text: (text) => {
      if (into) cell[into] += text;
    },
  };
}

type WrittenCell = { type: string; style: number; value: string; inline: string; formula: boolean };

function emptyCell(): WrittenCell {
  return { type: 'n', style: 0, value: '', inline: '', formula: false };
}

/** Undefined for an empty cell. */
function shownBy(
  cell: WrittenCell,
  { texts, styles, from1904 }: Pick<Workbook, 'styles' | 'from1904'> & { texts: SharedTexts },
): CellValue | undefined {
  const { type, value, inline, formula } = cell;
  if (type === 'inlineStr') return inline.trim() === '' ? undefined : { value: inline };
  if (type === 'e') {
    return { wrong: `La cellule affiche l’erreur ${value} : corrigez sa formule ou effacez-la.` };
  }
  if (value === '' && formula && type !== 'str') {
    return {
      wrong:
        'Formule jamais calculée : ouvrez le classeur dans un tableur et enregistrez-le, ou écrivez la valeur.',
    };
  }
  if (value === '') return undefined;
  if (type === 's') {
    const text = /^[0-9]+$/.test(value) ? texts.at(Number(value)) : undefined;
    return text === undefined
      ? { wrong: 'Texte introuvable dans le classeur, qui est abîmé.' }
      : { value: text };
  }
  if (type === 'str' || type === 'd') return { value: type === 'd' ? value.slice(0, 10) : value };
  if (type === 'b') return { value: value === '1' ? 'true' : 'false' };
  return numberText(value, styles[cell.style], from1904);
}

/** Characters that XML has not, and those a spreadsheet escapes with them: `_x000D_` (ST_Xstring, §22.9.2.19). */
function unescaped(shown: CellValue | undefined): CellValue | undefined {
  if (!shown || 'wrong' in shown || !shown.value.includes('_x')) return shown;
  const value = shown.value.replaceAll(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) =>
    String.fromCharCode(parseInt(code, 16)),
  );
  return { value };
}

/** The place of a cell, row and column from 0 … of the sheet: `file:sheet:C7`. */
export function placeIn(file: string, sheet: Sheet, row: number, column: number): Position {
  return { file, line: row, column: column + 1, cell: `${sheet.name}:${lettersOf(column)}${row}` };
}
