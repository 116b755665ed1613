import type { Issue } from '../fhir/issue.ts';
import { fault, type Limits, type RawRow, type Row, tableReader, type TableReader } from './table.ts';

/**
 * The rows of a table too long to hold, whatever kind of file its raw rows come from. Calls `begin` with the columns, then
 * yields rows; stops when it answers false. Faults go to `issues`.
 */
export async function* tableRows(
  raws: AsyncIterable<RawRow>,
  { file, limits }: { file: string; limits: Limits },
  issues: Issue[],
  begin: (reader: TableReader) => boolean,
): AsyncGenerator<Row> {
  let reader: TableReader | undefined;
  let rows = 0;
  for await (const raw of raws) {
    if (!reader) {
      if (!raw.texts.some((text) => text?.trim())) continue;
      reader = tableReader(raw, limits, issues);
      if (!reader || !begin(reader)) return;
      continue;
    }
    const row = reader.row(raw);
    if (!row) continue;
    rows += 1;
    if (rows > limits.rows) {
      issues.push(fault(raw.at(0), 'too-long', `Plus de ${limits.rows} lignes : découpez la liste.`));
      return;
    }
    yield row;
  }
  if (!reader) issues.push(fault({ file, line: 1, column: 1 }, 'structure', 'La liste est vide.'));
}
