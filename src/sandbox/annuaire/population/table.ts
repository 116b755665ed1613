/** State of the records of one type: typed arrays that grow, a few bytes a record; everything else is drawn when asked. */

/** A day that never comes; an index that is none. */
export const never = 0xffff;
export const none = 0xffffffff;

export const flag = { pinned: 1, hidden: 2 } as const;

type Column = Uint8Array | Uint16Array | Uint32Array;

export type Table<Extra extends Record<string, Column> = Record<never, never>> = {
  size: number;
  columns: {
    /** First day shown; first day no longer shown; day it was closed; day of the last change. */
    shown: Uint16Array;
    gone: Uint16Array;
    closed: Uint16Array;
    changed: Uint16Array;
    version: Uint16Array;
    flags: Uint8Array;
    /** How often its drawn content was drawn anew. */
    epoch: Uint8Array;
  } & Extra;
};

/** `extra` gives the columns of this type, empty; of `Uint32Array`s, new rows begin with `none`. */
export function createTable<Extra extends Record<string, Column>>(
  capacity: number,
  extra: Extra,
): Table<Extra> {
  const table = {
    size: 0,
    columns: {
      shown: new Uint16Array(0),
      gone: new Uint16Array(0),
      closed: new Uint16Array(0),
      changed: new Uint16Array(0),
      version: new Uint16Array(0),
      flags: new Uint8Array(0),
      epoch: new Uint8Array(0),
      ...extra,
    },
  };
  reserve(table.columns, capacity);
  return table;
}

/** A new row, shown from `day` on; its index. */
export function addRow(table: Table<Record<string, Column>>, shown: number, changed: number): number {
  const index = table.size;
  if (index >= table.columns.shown.length) reserve(table.columns, Math.ceil(index * 1.25) + 64);
  table.size += 1;
  const { columns } = table;
  columns.shown[index] = shown;
  columns.gone[index] = never;
  columns.closed[index] = never;
  columns.changed[index] = changed;
  columns.version[index] = 1;
  return index;
}

function reserve(columns: Record<string, Column>, capacity: number): void {
  for (const [name, old] of Object.entries(columns)) {
    const grown = new (old.constructor as new (length: number) => Column)(capacity);
    if (grown instanceof Uint32Array) grown.fill(none, old.length);
    grown.set(old);
    columns[name] = grown;
  }
}
