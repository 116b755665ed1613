/**
 * Rows out of a CSV file as spreadsheets write it (RFC 4180; separator `,`, `;` or tab), with the place of each cell:
 * `line` is the line of the file where the row begins, `column` the number of the cell in its row (1 = A).
 */
import type { Options } from 'csv-parse';
import { CsvError, parse } from 'csv-parse/sync';
import type { Issue } from '../fhir/issue.ts';
import { type Detected, detectEncoding } from './encoding.ts';
import { fault, type Limits, listLimits, type RawRow, type Table, tableOf } from './table.ts';
import { withoutGuard } from './write-csv.ts';

/** A record of csv-parse with the line of the file where it ends. */
export type CsvRecord = { record: string[]; info: { lines: number } };

/** Options of csv-parse for the lists of spreadsheets. */
export function csvOptions(separator: string, from: number): Options {
  return {
    delimiter: separator,
    bom: true,
    info: true,
    trim: true,
    skip_empty_lines: true,
    relax_column_count: true,
    from_line: from,
    max_record_size: 65_536,
  };
}

/**
 * All faults come back at once (French, for the person who keeps the list); rows with a fault are left out.
 * `headerRow`: the line that names the columns, from 1.
 */
export function readCsv(
  bytes: Uint8Array,
  file: string,
  { headerRow, limits = listLimits }: { headerRow?: number; limits?: Limits } = {},
): { table?: Table; issues: Issue[] } {
  const detected = detectEncoding(bytes);
  if (!('encoding' in detected)) return { issues: [encodingFault(detected, file)] };
  const text = new TextDecoder(detected.encoding).decode(bytes);
  const { separator, from } = layoutOf(text, headerRow);
  let records: CsvRecord[];
  try {
    const options = { ...csvOptions(separator, from), to: limits.rows + 2 };
    records = parse(text, options) as unknown as CsvRecord[];
  } catch (error) {
    return { issues: [parserFault(error, file)] };
  }
  return tableOf(
    records.map((record) => rawRow(record, file)),
    file,
    limits,
  );
}

export function rawRow({ record, info }: CsvRecord, file: string): RawRow {
  const line = info.lines - newlinesIn(record);
  return { texts: record.map(withoutGuard), at: (column) => ({ file, line, column: column + 1 }) };
}

/** What csv-parse refuses. Throws what it did not. */
export function parserFault(error: unknown, file: string): Issue {
  if (!(error instanceof CsvError)) throw error;
  const source = { file, line: Number(error['lines'] ?? 1), column: 1 };
  return fault(source, 'structure', 'Ligne CSV illisible : guillemets mal fermés ou ligne trop longue.');
}

/** Why a text has no one encoding. */
export function encodingFault(detected: Exclude<Detected, { encoding: string }>, file: string): Issue {
  if ('noTextLine' in detected) {
    const message =
      'Cette ligne contient des octets qui ne sont pas du texte : enregistrez la liste en CSV UTF-8.';
    return fault({ file, line: detected.noTextLine, column: 1 }, 'structure', message);
  }
  const { utf8Line, otherLine } = detected;
  const message =
    `Deux encodages dans un même fichier : la ligne ${utf8Line} est en UTF-8, celle-ci non (Windows-1252). ` +
    'Retapez ses caractères accentués, puis enregistrez la liste en CSV UTF-8.';
  return fault({ file, line: otherLine, column: 1 }, 'structure', message);
}

const separators = [';', ',', '\t'] as const;

/** French spreadsheets separate with `;`, others with `,` or a tab: the header row tells. `from`: its line. */
export function layoutOf(text: string, headerRow?: number): { separator: string; from: number } {
  const start = text.slice(0, 8192).replace(/^\uFEFF/, '');
  const stated = headerRow === undefined && /^sep=(.)\r?\n/.exec(start);
  if (stated) return { separator: stated[1]!, from: 2 };
  const from = headerRow ?? 1;
  const bare = start.replaceAll(/"[^"]*"/g, '');
  const header = (from > 1 ? bare : bare.trimStart()).split(/\r?\n|\r/, from)[from - 1] ?? '';
  const count = (separator: string): number => header.split(separator).length;
  const separator = separators.reduce((best, one) => (count(one) > count(best) ? one : best));
  return { separator, from };
}

function newlinesIn(record: readonly string[]): number {
  return record.reduce((sum, cell) => sum + cell.split('\n').length - 1, 0);
}
