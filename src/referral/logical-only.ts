/** What only one server can show does not cross to another; what has an identifier stays, logically. */
export function logicalOnly(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(logicalOnly);
  if (typeof value !== 'object' || value === null) return value;
  const { reference, ...others } = value as { reference?: unknown };
  const kept = typeof reference === 'string' ? others : value;
  return Object.fromEntries(Object.entries(kept).map(([name, child]) => [name, logicalOnly(child)]));
}
