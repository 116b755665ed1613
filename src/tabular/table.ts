/** A table out of rows of cells, whatever kind of file they come from: the first row names the columns. */
import type { Issue, IssueCode, Position } from '../fhir/issue.ts';

/** One cell that holds something; cells are trimmed, and an empty cell is absent. */
export type Cell = { text: string; position: Position };

/** Cells by header name. */
export type Row = { position: Position; cells: ReadonlyMap<string, Cell> };

export type Column = { name: string; position: Position };

export type Table = { columns: readonly Column[]; rows: readonly Row[] };

/** A row as it stands in the file: texts by the number of their column (0 = A), and where each stands. */
export type RawRow = { texts: readonly (string | undefined)[]; at(column: number): Position };

/** What a file may hold at most; `rows` counts those below the header. */
export type Limits = { rows: number; columns: number; cell: number };

/** As much as a list kept by hand may have; longer ones are read row by row (`table-rows.ts`). */
export const listLimits: Limits = { rows: 20_000, columns: 200, cell: 32_767 };

/** Enough for every professional of the country. */
export const streamLimits: Limits = { rows: 1_000_000, columns: 200, cell: 32_767 };

/** Makes rows of cells out of raw rows, one after the other; faults go to `issues` (French, for who keeps the list). */
export type TableReader = {
  columns: readonly Column[];
  /** Nothing for an empty row and for one with a fault. */
  row(raw: RawRow): Row | undefined;
};

/** The reader for the rows below a header; undefined, and the faults, when the header cannot be used. */
export function tableReader(header: RawRow, limits: Limits, issues: Issue[]): TableReader | undefined {
  const names = header.texts.map((text) => text?.trim().replaceAll(/\s+/g, ' ') ?? '');
  while (names.at(-1) === '') names.pop();
  const faults: Issue[] = [];
  names.forEach((name, index) => {
    if (name === '') faults.push(fault(header.at(index), 'structure', 'Colonne sans nom en première ligne.'));
    else if (names.indexOf(name) !== index)
      faults.push(fault(header.at(index), 'duplicate', `La colonne « ${name} » est écrite deux fois.`));
  });
  if (names.length > limits.columns)
    faults.push(fault(header.at(limits.columns), 'too-long', `Plus de ${limits.columns} colonnes.`));
  issues.push(...faults);
  if (faults.length > 0 || names.length === 0) return undefined;

  const row = (raw: RawRow): Row | undefined => {
    const cells = new Map<string, Cell>();
    for (const [index, given] of raw.texts.entries()) {
      const text = given?.trim() ?? '';
      if (text === '') continue;
      const name = names[index];
      const wrong = text.length > limits.cell ? tooLong(limits) : name === undefined ? tooMany : undefined;
      if (wrong) {
        issues.push(fault(raw.at(index), wrong.code, wrong.message));
        return undefined;
      }
      cells.set(name!, { text, position: raw.at(index) });
    }
    return cells.size > 0 ? { position: raw.at(0), cells } : undefined;
  };
  return { columns: names.map((name, index) => ({ name, position: header.at(index) })), row };
}

const tooMany = {
  code: 'structure' as const,
  message: 'Cette ligne a plus de cellules que la première ligne n’a de noms.',
};

function tooLong({ cell }: Limits): { code: IssueCode; message: string } {
  return { code: 'too-long', message: `Cette cellule a plus de ${cell} caractères.` };
}

/** All rows at once. */
export function tableOf(
  rows: Iterable<RawRow>,
  file: string,
  limits: Limits = listLimits,
): { table?: Table; issues: Issue[] } {
  const issues: Issue[] = [];
  const read: Row[] = [];
  let reader: TableReader | undefined;
  for (const raw of rows) {
    if (!reader) {
      if (!raw.texts.some((text) => text?.trim())) continue;
      reader = tableReader(raw, limits, issues);
      if (!reader) return { issues };
      continue;
    }
    const row = reader.row(raw);
    if (row) read.push(row);
    if (read.length > limits.rows) {
      issues.push(fault(raw.at(0), 'too-long', `Plus de ${limits.rows} lignes : découpez la liste.`));
      return { issues };
    }
  }
  if (!reader) return { issues: [fault({ file, line: 1, column: 1 }, 'structure', 'La liste est vide.')] };
  return { table: { columns: reader.columns, rows: read }, issues };
}

/** An error at a place. */
export function fault(source: Position, code: IssueCode, message: string): Issue {
  return { severity: 'error', code, message, source };
}

/** Something to look at: what is read is perhaps not what was meant. */
export function doubt(source: Position, message: string, rule: string): Issue {
  return { severity: 'warning', code: 'value', message, source, rule };
}
