/**
 * Rows out of a workbook (.xlsx), with the sheet and the cell each value came from. Taken is what a cell shows. What a
 * spreadsheet does behind the back of its owner is said: formulas, hidden rows, lost sheets, merged cells. Macros, links
 * to other files and document types are never followed.
 */
import type { Issue } from '../fhir/issue.ts';
import { chooseSheet, missingPart, type SheetChoice, workbookFault } from './choose-sheet.ts';
import { sheetReading } from './sheet-reading.ts';
import { type SheetRow, sheetRows } from './sheet.ts';
import { type Limits, listLimits, type Table, tableOf } from './table.ts';
import { readWorkbook, sharedTexts, type Workbook } from './workbook.ts';
import { readXml } from './xml.ts';
import { type Archive, openZip, type ZipLimits } from './zip.ts';

/** All faults come back at once (French); rows with a fault are left out. */
export function readXlsx(
  bytes: Uint8Array,
  file: string,
  choice: SheetChoice = {},
  limits: Limits & { zip?: ZipLimits } = listLimits,
): { table?: Table; issues: Issue[] } {
  try {
    const archive = openZip(bytes, limits.zip);
    const workbook = workbookIn(archive);
    const { sheet, issues: doubts } = chooseSheet(workbook, file, choice.sheet);
    if (!workbook || !sheet) return { issues: doubts };
    const texts = textsIn(archive, workbook);
    const part = archive.read(sheet.part);
    if (!part) return { issues: [missingPart(file)] };
    const first = choice.headerRow ?? 1;
    const rows: SheetRow[] = [];
    const merged: string[] = [];
    const most = limits.rows + first + 1;
    readXml(
      part,
      sheetRows(workbook, texts, merged, (row) => void (rows.length < most && rows.push(row))),
    );
    const ofCells: Issue[] = [];
    const reading = sheetReading(file, sheet, first, limits, ofCells);
    const raw = rows.map((row) => reading.raw(row)).filter((row) => row !== undefined);
    const { table, issues } = tableOf(raw, file, limits);
    const told = reading.end(merged);
    return {
      ...(table ? { table } : {}),
      issues: [...doubts, ...told.faults, ...ofCells, ...issues, ...told.doubts],
    };
  } catch (error) {
    return { issues: [workbookFault(error, file)] };
  }
}

function workbookIn(archive: Archive): Workbook | undefined {
  const reading = readWorkbook(archive.names);
  let step = reading.next();
  while (!step.done) step = reading.next(archive.read(step.value));
  return step.value;
}

function textsIn(archive: Archive, { texts: part }: Workbook): string[] {
  const texts: string[] = [];
  const bytes = part === undefined ? undefined : archive.read(part);
  if (bytes)
    readXml(
      bytes,
      sharedTexts((text) => texts.push(text)),
    );
  return texts;
}
