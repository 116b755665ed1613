/** What rules and references need of the rows of a long list: a few fields of each, and the place they stood. */
import type { Position } from '../fhir/issue.ts';
import type { Json, JsonObject } from '../fhir/types.ts';
import { isObject } from '../mapping/compilation.ts';
import type { SourceRecord } from '../mapping/types.ts';
import { endField, startField } from './items.ts';
import type { Kind } from './kind.ts';
import type { Network } from './network.ts';
import { PackedNumbers } from './packed-numbers.ts';
import { PackedRows } from './packed-rows.ts';
import type { Shape } from './shape.ts';

export type RowDigest = {
  add(page: SourceRecord, before: number): void;
  /** The network with, as the list, what was kept of it. */
  into(network: Network): Network;
};

export function rowDigest(network: Network, kind: Kind, list: string): RowDigest {
  const wanted = fieldsWanted(kind, list);
  const rows = new PackedRows();
  const lines = new PackedNumbers();
  /** A place of each field in the list's file; rows of the network file itself have places of their own. */
  const columns = new Map<string, Position>();
  const inline = new Map<string, Position>();
  return {
    add: (page, before) => {
      const items = page.data[list] as Json[];
      items.forEach((item, index) => {
        const here = `/${list}/${index}`;
        const start = page.positionOf(here);
        const isInline = start?.file === network.file;
        const row: JsonObject = {};
        for (const field of isObject(item) ? wanted : []) {
          const value = (item as JsonObject)[field];
          if (value === undefined) continue;
          row[field] = value;
          const place = page.positionOf(`${here}/${field}`);
          if (place && isInline) inline.set(`/${list}/${before + index}/${field}`, place);
          else if (place) columns.set(field, place);
        }
        if (isInline && start) inline.set(`/${list}/${before + index}`, start);
        else if (start) columns.set('', start);
        lines.set(rows.length, start?.line ?? 1);
        rows.add(row);
      });
    },
    into: (whole) => ({
      ...whole,
      data: { ...whole.data, [list]: rows.asList() },
      positionOf: (pointer) => {
        const [, index, ...path] = pointer.startsWith(`/${list}/`) ? pointer.slice(1).split('/') : [];
        if (index === undefined) return whole.positionOf(pointer);
        const own = inline.get(pointer);
        const column = path.length < 2 ? columns.get(path[0] ?? '') : undefined;
        if (own || !column || inline.has(`/${list}/${index}`)) return own;
        return column.file === network.file ? column : { ...column, line: lines.at(Number(index)) };
      },
    }),
  };
}

/** The fields of the list's items that some rule may name, that hold a period, or that name another item. */
function fieldsWanted(kind: Kind, list: string): string[] {
  const words = new Set<string>(['id', startField, endField]);
  const visit = (part: unknown): void => {
    if (typeof part === 'string') part.split('/').forEach((word) => words.add(word));
    else if (Array.isArray(part)) part.forEach(visit);
    else if (typeof part === 'object' && part !== null)
      for (const [key, value] of Object.entries(part)) [key, value].forEach(visit);
  };
  kind.rules.forEach(visit);
  const fields = kind.shape.fields.get(list)?.item?.fields ?? new Map<string, Shape>();
  return [...fields].filter(([name, shape]) => words.has(name) || shape.names === list).map(([name]) => name);
}
