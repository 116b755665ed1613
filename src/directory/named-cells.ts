/** Cells by their names, the empty ones left out. */
export function namedCells<Name extends string>(
  names: readonly Name[],
  cells: readonly string[],
): Partial<Record<Name, string>> {
  const named: Partial<Record<Name, string>> = {};
  names.forEach((name, index) => {
    const value = cells[index];
    if (value) named[name] = value;
  });
  return named;
}
