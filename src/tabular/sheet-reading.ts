/** Rows of one sheet as raw rows, and what a spreadsheet did behind the back of its owner, told when all were read. */
import type { Issue } from '../fhir/issue.ts';
import { columnOf } from './cell-values.ts';
import { placeIn, type SheetRow } from './sheet.ts';
import { doubt, fault, type Limits, type RawRow } from './table.ts';
import type { Sheet } from './workbook.ts';

export type SheetReading = {
  /** Undefined above the headers, and for a row below them with a fault, which goes to the issues of the reading. */
  raw(row: SheetRow): RawRow | undefined;
  /** Merged cells are faults; formulas and hidden rows are doubts: each may be what was meant, and nobody sees them. */
  end(merged: readonly string[]): { faults: Issue[]; doubts: Issue[] };
};

/** `first`: the row that names the columns, or the first below it with something in it. */
export function sheetReading(
  file: string,
  sheet: Sheet,
  first: number,
  limits: Limits,
  issues: Issue[],
): SheetReading {
  const formulas = new Map<number, { row: number; count: number }>();
  const hidden = { row: 0, count: 0 };
  let header: number | undefined;
  const look = ({ number, cells, ...row }: SheetRow): void => {
    for (const [column, cell] of cells) {
      if (!cell.formula || 'wrong' in cell) continue;
      const seen = formulas.get(column) ?? { row: number, count: 0 };
      formulas.set(column, { ...seen, count: seen.count + 1 });
    }
    if (!row.hidden) return;
    hidden.row ||= number;
    hidden.count += 1;
  };
  return {
    raw: (row) => {
      if (row.number < first) return undefined;
      const before = issues.length;
      const raw = rawRow(row, (column) => placeIn(file, sheet, row.number, column), limits, issues);
      if (header === undefined) {
        header = row.number;
        return raw;
      }
      look(row);
      return issues.length > before ? undefined : raw;
    },
    end: (merged) => {
      const doubts = [...formulas].map(([column, { row, count }]) => {
        const message = `Valeur calculée par une formule (${count} dans cette colonne), lue telle qu’enregistrée. Est-elle juste ? Sinon, collez la colonne en valeurs.`;
        return doubt(placeIn(file, sheet, row, column), message, 'formula');
      });
      if (hidden.count > 0) {
        const message = `Lignes masquées (${hidden.count}) : elles sont lues comme les autres. Est-ce voulu ? Sinon, supprimez-les.`;
        doubts.push(doubt(placeIn(file, sheet, hidden.row, 0), message, 'hidden'));
      }
      return { faults: mergedRanges(merged, header ?? first, file, sheet), doubts };
    },
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
