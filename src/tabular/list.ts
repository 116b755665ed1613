import type { Issue } from '../fhir/issue.ts';
import { readCsv } from './csv.ts';
import { fault, type Table } from './table.ts';
import type { SheetChoice } from './choose-sheet.ts';
import { readXlsx } from './xlsx.ts';

/** A list kept in a spreadsheet, CSV or XLSX: what the bytes are counts, not how the file is called. */
export function readList(
  bytes: Uint8Array,
  file: string,
  choice: SheetChoice = {},
): { table?: Table; issues: Issue[] } {
  const starts = (...expected: number[]): boolean => expected.every((byte, index) => bytes[index] === byte);
  if (starts(0x50, 0x4b, 0x03, 0x04)) return readXlsx(bytes, file, choice);
  if (starts(0xd0, 0xcf, 0x11, 0xe0)) {
    const message =
      'Ancien classeur (.xls) ou classeur protégé par un mot de passe : enregistrez-le en .xlsx, sans mot de passe.';
    return { issues: [fault({ file, line: 1, column: 1 }, 'not-supported', message)] };
  }
  return readCsv(bytes, file, choice);
}
