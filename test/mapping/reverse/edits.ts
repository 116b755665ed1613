/** Random edits of a network, of any kind: what its schema calls words are exchanged, the rest is taken out, moved, changed. */
import type { Json, JsonObject } from '../../../src/fhir/types.ts';
import type { Shape } from '../../../src/network/shape.ts';

/** Which edit, where, with what; numbers are taken modulo what there is. */
export type Edit = { what: 'drop' | 'swap' | 'word' | 'text' | 'date'; where: number; which: number };

/** A part of the record that can be taken out or replaced. */
type Part = { holder: JsonObject | Json[]; name: string | number; shape: Shape | undefined };

/** A copy of the record with the edits; an edit that fits nowhere does nothing. */
export function edited(data: JsonObject, shape: Shape, edits: readonly Edit[]): JsonObject {
  const copy = structuredClone(data);
  for (const edit of edits) apply(copy, shape, edit);
  return copy;
}

function apply(data: JsonObject, shape: Shape, { what, where, which }: Edit): void {
  const parts = partsOf(data, shape).filter((part) => suits(part, what));
  const part = parts[where % Math.max(parts.length, 1)];
  if (!part) return;
  const { holder, name } = part;
  const value = (holder as JsonObject)[name as string]!;
  if (what === 'drop') {
    if (Array.isArray(holder)) holder.splice(name as number, 1);
    else delete holder[name];
  } else if (what === 'swap') {
    const list = holder as Json[];
    const other = which % list.length;
    [list[name as number], list[other]] = [list[other]!, value];
  } else (holder as JsonObject)[name as string] = replaced(part, value as string, what, which);
}

function replaced({ shape }: Part, value: string, what: Edit['what'], which: number): string {
  const words = shape?.words ?? [];
  if (what === 'word') return words[which % words.length]!;
  if (what === 'date') return `20${10 + (which % 20)}-0${1 + (which % 9)}-1${which % 10}`;
  return `${value} ${which % 100}`;
}

function suits({ holder, name, shape }: Part, what: Edit['what']): boolean {
  const value = (holder as JsonObject)[name as string];
  const plain = typeof value === 'string' && !shape?.words && !shape?.names && !shape?.pattern;
  switch (what) {
    case 'drop':
      return name !== 'kind' && name !== 'id';
    case 'swap':
      return Array.isArray(holder) && holder.length > 1;
    case 'word':
      return typeof value === 'string' && (shape?.words?.length ?? 0) > 1;
    case 'date':
      return plain && shape?.format === 'partial-date';
    case 'text':
      return plain && !shape?.format;
  }
}

function partsOf(value: Json, shape: Shape | undefined): Part[] {
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) {
    return value.flatMap((item, name) => [
      { holder: value, name, shape: shape?.item },
      ...partsOf(item, shape?.item),
    ]);
  }
  return Object.entries(value).flatMap(([name, child]) => {
    const inner = shape?.fields.get(name);
    return [{ holder: value, name, shape: inner }, ...partsOf(child, inner)];
  });
}
