/**
 * Rows out of a workbook (.xlsx), with the sheet and the cell each value came from. Taken is what a cell shows. What a
 * spreadsheet does behind the back of its owner is said: formulas, hidden rows, lost sheets, merged cells. Macros, links
 * to other files and document types are never followed.
 */
import type { Issue } from '../fhir/issue.ts';
import { columnOf } from './cell-values.ts';
import { placeIn, readSheet, type SheetContent, type SheetRow } from './sheet.ts';
import { doubt, fault, type Limits, listLimits, type RawRow, type Table, tableOf } from './table.ts';
import { readWorkbook, type Sheet, type Workbook } from './workbook.ts';
import { XmlFault } from './xml.ts';
import { openZip, ZipFault, type ZipLimits } from './zip.ts';

/** `sheet`: which one; may be left out when only one is visible. `headerRow`: the row that names the columns, from 1. */
export type SheetChoice = { sheet?: string; headerRow?: number };

/** All faults come back at once (French); rows with a fault are left out. */
export function readXlsx(
  bytes: Uint8Array,
  file: string,
  choice: SheetChoice = {},
  limits: Limits & { zip?: ZipLimits } = listLimits,
): { table?: Table; issues: Issue[] } {
  try {
    const archive = openZip(bytes, limits.zip);
    const workbook = readWorkbook(archive);
    if (!workbook)
      return {
        issues: [whole(file, 'Ce n’est pas un classeur .xlsx : enregistrez la liste en .xlsx ou en CSV.')],
      };
    const chosen = chooseSheet(workbook, file, choice.sheet);
    if (!chosen.sheet) return { issues: chosen.issues };
    const part = archive.read(chosen.sheet.part);
    if (!part) return { issues: [whole(file, damaged)] };
    const first = choice.headerRow ?? 1;
    const content = readSheet(part, workbook, limits.rows + first + 1);
    const read = readRows(content, file, chosen.sheet, { first, limits });
    const macros = workbook.macros
      ? [note(file, 'Les macros du classeur ne sont ni lues ni exécutées.')]
      : [];
    return { ...read, issues: [...macros, ...chosen.issues, ...read.issues] };
  } catch (error) {
    return { issues: [whole(file, whyNot(error))] };
  }
}

const damaged = 'Classeur abîmé : ouvrez-le dans un tableur et enregistrez-le de nouveau en .xlsx.';

function whyNot(error: unknown): string {
  if (error instanceof XmlFault) return damaged;
  if (!(error instanceof ZipFault)) throw error;
  if (error.reason === 'encrypted')
    return 'Classeur protégé par un mot de passe : enregistrez-le sans mot de passe.';
  if (error.reason === 'damaged') return damaged;
  return 'Le classeur, une fois décompressé, est trop grand : copiez la liste seule dans un nouveau classeur.';
}

function chooseSheet(
  { sheets }: Workbook,
  file: string,
  wanted: string | undefined,
): { sheet?: Sheet; issues: Issue[] } {
  const names = sheets.map(({ name }) => `« ${name} »`).join(', ');
  if (wanted !== undefined) {
    const sheet = sheets.find(({ name }) => name === wanted);
    if (!sheet)
      return {
        issues: [whole(file, `La feuille « ${wanted} » n’est pas dans le classeur. Feuilles : ${names}.`)],
      };
    const hidden = doubt(
      { file, line: 1, column: 1 },
      `La feuille « ${wanted} » est masquée : est-ce bien elle ?`,
      'hidden',
    );
    return { sheet, issues: sheet.hidden ? [hidden] : [] };
  }
  const visible = sheets.filter(({ hidden }) => !hidden);
  if (visible.length === 1) return { sheet: visible[0]!, issues: [] };
  const message = `Le classeur a ${visible.length} feuilles (${names}) : dites laquelle par « feuille: ».`;
  return { issues: [whole(file, message)] };
}

function readRows(
  { rows, merged }: SheetContent,
  file: string,
  sheet: Sheet,
  { first, limits }: { first: number; limits: Limits },
): { table?: Table; issues: Issue[] } {
  const below = rows.filter(({ number }) => number >= first);
  const header = below[0]?.number ?? first;
  const faults: Issue[] = mergedRanges(merged, header, file, sheet);
  const raw = below.map((row) =>
    rawRow(row, (column) => placeIn(file, sheet, row.number, column), limits, faults),
  );
  const { table, issues } = tableOf(raw, file, limits);
  return {
    ...(table ? { table } : {}),
    issues: [...faults, ...issues, ...doubts(below.slice(1), file, sheet)],
  };
}

function rawRow({ cells }: SheetRow, at: RawRow['at'], limits: Limits, faults: Issue[]): RawRow {
  const texts: (string | undefined)[] = [];
  for (const [column, cell] of cells) {
    if (column >= limits.columns) {
      faults.push(fault(at(column), 'too-long', `Plus de ${limits.columns} colonnes.`));
      break;
    }
    if ('wrong' in cell) faults.push(fault(at(column), 'value', cell.wrong));
    else texts[column] = cell.value;
  }
  return { texts: Array.from(texts), at };
}

function mergedRanges(merged: readonly string[], header: number, file: string, sheet: Sheet): Issue[] {
  return merged.flatMap((range): Issue[] => {
    const [from = '', to = from] = range.split(':');
    const last = Number(/[0-9]+$/.exec(to)?.[0] ?? 0);
    if (from === to || last < header) return [];
    const row = Number(/[0-9]+$/.exec(from)?.[0] ?? 1);
    const place = { ...placeIn(file, sheet, row, columnOf(from) ?? 0), cell: `${sheet.name}:${range}` };
    const message = `Cellules fusionnées (${range}) : défusionnez-les et écrivez la valeur dans chaque ligne concernée.`;
    return [fault(place, 'structure', message)];
  });
}

/** One warning a column of formulas, one for all hidden rows: each may be what was meant, and nobody sees them. */
function doubts(rows: readonly SheetRow[], file: string, sheet: Sheet): Issue[] {
  const formulas = new Map<number, { row: number; count: number }>();
  for (const { number, cells } of rows) {
    for (const [column, { formula }] of cells) {
      if (!formula) continue;
      const seen = formulas.get(column) ?? { row: number, count: 0 };
      formulas.set(column, { ...seen, count: seen.count + 1 });
    }
  }
  const issues = [...formulas].map(([column, { row, count }]) => {
    const message = `Valeur calculée par une formule (${count} dans cette colonne), lue telle qu’enregistrée. Est-elle juste ? Sinon, collez la colonne en valeurs.`;
    return doubt(placeIn(file, sheet, row, column), message, 'formula');
  });
  const hidden = rows.filter((row) => row.hidden);
  if (hidden[0]) {
    const message = `Lignes masquées (${hidden.length}) : elles sont lues comme les autres. Est-ce voulu ? Sinon, supprimez-les.`;
    issues.push(doubt(placeIn(file, sheet, hidden[0].number, 0), message, 'hidden'));
  }
  return issues;
}

function whole(file: string, message: string): Issue {
  return fault({ file, line: 1, column: 1 }, 'structure', message);
}

function note(file: string, message: string): Issue {
  return { severity: 'information', code: 'informational', message, source: { file, line: 1, column: 1 } };
}
