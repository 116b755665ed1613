/**
 * Rows out of a CSV file as spreadsheets write it (RFC 4180, separator `,` or `;`), with the place of each cell:
 * `line` is the line of the file where the row begins, `column` the number of the cell in its row (1 = A).
 */
import { CsvError, parse } from 'csv-parse/sync';
import type { Issue, IssueCode, Position } from '../fhir/issue.ts';
import { decodeSpreadsheet } from './decode.ts';

/** One cell that holds something; cells are trimmed, and an empty cell is absent. */
export type Cell = { text: string; position: Position };

/** Cells by header name. */
export type Row = { position: Position; cells: ReadonlyMap<string, Cell> };

export type Table = { header: readonly string[]; rows: readonly Row[] };

/** As many rows as a list kept by hand may have; the national extracts have their own reader. */
export const maxRows = 20_000;

type Parsed = { record: string[]; info: { lines: number } };

/** All faults come back at once (French, for the person who keeps the list); rows with a fault are left out. */
export function readCsv(bytes: Uint8Array, file: string): { table?: Table; issues: Issue[] } {
  const text = decodeSpreadsheet(bytes);
  const issues: Issue[] = [];
  const report = (line: number, column: number, code: IssueCode, message: string): void => {
    issues.push({ severity: 'error', code, message, source: { file, line, column } });
  };
  let parsed: Parsed[];
  try {
    parsed = parse(text, {
      delimiter: separatorOf(text),
      bom: true,
      info: true,
      trim: true,
      skip_empty_lines: true,
      relax_column_count: true,
      to: maxRows + 2,
      max_record_size: 65_536,
    }) as unknown as Parsed[];
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    report(
      Number(error['lines'] ?? 1),
      1,
      'structure',
      'Ligne CSV illisible : guillemets mal fermés ou ligne trop longue.',
    );
    return { issues };
  }
  const [first, ...records] = parsed;
  if (!first) return { issues: [emptyFile(file)] };
  const header = first.record;
  header.forEach((name, index) => {
    if (name === '') report(1, index + 1, 'structure', 'Colonne sans nom en première ligne.');
    else if (header.indexOf(name) !== index)
      report(1, index + 1, 'duplicate', `La colonne « ${name} » est écrite deux fois.`);
  });
  if (records.length > maxRows)
    report(maxRows + 2, 1, 'too-long', `Plus de ${maxRows} lignes : découpez la liste.`);
  if (issues.length > 0) return { issues };

  const rows: Row[] = [];
  for (const { record, info } of records) {
    if (record.every((cell) => cell === '')) continue;
    const line = info.lines - newlinesIn(record);
    if (record.length > header.length) {
      report(
        line,
        header.length + 1,
        'structure',
        'Cette ligne a plus de cellules que la première ligne n’a de noms.',
      );
      continue;
    }
    const cells = new Map<string, Cell>();
    record.forEach((cell, index) => {
      if (cell !== '') cells.set(header[index]!, { text: cell, position: { file, line, column: index + 1 } });
    });
    rows.push({ position: { file, line, column: 1 }, cells });
  }
  return { table: { header, rows }, issues };
}

/** French spreadsheets separate with `;`, others with `,`: the header row tells. */
function separatorOf(text: string): string {
  const header = text.slice(0, 4096).split(/\r?\n/, 1)[0] ?? '';
  return header.split(';').length > header.split(',').length ? ';' : ',';
}

function newlinesIn(record: readonly string[]): number {
  return record.reduce((sum, cell) => sum + cell.split('\n').length - 1, 0);
}

function emptyFile(file: string): Issue {
  return {
    severity: 'error',
    code: 'structure',
    message: 'Le fichier CSV est vide.',
    source: { file, line: 1, column: 1 },
  };
}
