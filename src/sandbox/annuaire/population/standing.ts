/** How a record stands today. */
import type { Standing } from './facts.ts';
import { isServed, type State } from './state.ts';
import { never, type Table } from './table.ts';
import type { ServedType } from './types.ts';

export function standing(state: State, _type: ServedType, table: Table, index: number): Standing {
  const closed = table.columns.closed[index]!;
  return {
    active: closed === never,
    served: isServed(state, table, index),
    changed: table.columns.changed[index]!,
    ...(closed !== never && { closed }),
  };
}
