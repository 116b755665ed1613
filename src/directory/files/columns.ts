/** Columns of a file found by the names in its header, whose spelling varies between issues. Names are data. */

/** Accepted headers by our name of the column; which ones nothing works without; which ones older issues lack. */
export type ColumnTable = {
  columns: Readonly<Record<string, readonly string[]>>;
  required: readonly string[];
  sometimes: readonly string[];
};

export type FoundColumns = {
  /** Index of each column, −1 when it is not there. */
  at: Readonly<Record<string, number>>;
  /** Number of cells of the header. */
  width: number;
  /** Headers, as the table spells them, of what is missing: without which nothing works, and others. */
  missing: string[];
  absent: string[];
  /** How many headers the table does not know. */
  unknown: number;
  /** A column is there twice: which one holds the value cannot be known. */
  twice: string[];
};

/** Accents, case, punctuation and spaces do not count. */
export function plainHeader(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .trim();
}

export function findColumns(table: ColumnTable, header: readonly string[]): FoundColumns {
  const names = new Map<string, string>();
  for (const [column, headers] of Object.entries(table.columns)) {
    for (const one of headers) names.set(plainHeader(one), column);
  }
  const at: Record<string, number> = Object.fromEntries(Object.keys(table.columns).map((name) => [name, -1]));
  const twice: string[] = [];
  let unknown = 0;
  header.forEach((text, index) => {
    const column = names.get(plainHeader(text));
    if (column === undefined) unknown += plainHeader(text) ? 1 : 0;
    else if (at[column]! >= 0) twice.push(table.columns[column]![0]!);
    else at[column] = index;
  });
  const without = Object.keys(at).filter((name) => at[name]! < 0);
  const spelled = (list: string[]): string[] => list.map((name) => table.columns[name]![0]!);
  return {
    at,
    width: header.length,
    missing: spelled(without.filter((name) => table.required.includes(name))),
    absent: spelled(
      without.filter((name) => !table.required.includes(name) && !table.sometimes.includes(name)),
    ),
    unknown,
    twice,
  };
}
