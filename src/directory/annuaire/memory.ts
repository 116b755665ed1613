/** What a reading remembers while its process lives: ids met, codes met, persons; all bounded or a few bytes a record. */
import { DigestTable } from '../../fhir/digest-table.ts';
import type { AnyResource } from '../../fhir/types.ts';
import { type CodeList, createCodes, nearlyAll } from './codes.ts';
import type { ServedKind } from './options.ts';
import { postcodeOf } from './owns.ts';

const mostPersons = 300_000;

export type Memory = {
  /** Notes a row; the mark of whoever met its id first, undefined when nobody did. `counts`: it is one of those asked for. */
  meet(kind: ServedKind, row: AnyResource, mark: number, counts: boolean): number | undefined;
  /** Different ids met, of those that count. */
  met(kind: ServedKind): number;
  codes(kind: ServedKind): CodeList[];
  /** Whether nearly all open rows met have a postal code: searches by it leave the others out. */
  isPlaced(kind: ServedKind): boolean;
  persons(): string[] | undefined;
};

/** `whole`: all records of the kinds are read, from the start, so that the persons met are all there are. */
export function createMemory(whole: boolean): Memory {
  const tables = new Map<ServedKind, { ids: DigestTable; size: number; open: number; placed: number }>();
  const codes = createCodes();
  const persons: string[] = [];
  return {
    meet(kind, row, mark, counts) {
      const table = tables.get(kind) ?? { ids: new DigestTable(), size: 0, open: 0, placed: 0 };
      tables.set(kind, table);
      const first = table.ids.add(row.id ?? '', mark);
      if (first !== undefined) return first;
      codes.note(kind, row);
      if (row['active'] !== false) {
        table.open += 1;
        if (postcodeOf(row) !== undefined) table.placed += 1;
      }
      if (counts) table.size += 1;
      if (kind === 'Practitioner' && row.id && persons.length <= mostPersons) persons.push(row.id);
      return undefined;
    },
    met: (kind) => tables.get(kind)?.size ?? 0,
    codes: (kind) => codes.lists(kind),
    isPlaced(kind) {
      const { open = 0, placed = 0 } = tables.get(kind) ?? {};
      return placed > open * nearlyAll;
    },
    persons: () => (whole && persons.length <= mostPersons ? persons : undefined),
  };
}
