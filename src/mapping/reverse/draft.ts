/** The record while it is being read back: for each field the values it may have, for each list how many items. */
import type { Json } from '../../fhir/types.ts';
import type { FieldPath } from './shape.ts';
import { same } from './same.ts';

/** Item of each loop around a rule, by JSON pointer. */
export type Scope = ReadonlyMap<string, string>;

/** JSON pointer of a field for these turns of the loops; one that leads nowhere while the item is not known. */
export function pointerOf(scope: Scope, path: FieldPath): string {
  const start = path.loop === undefined ? '' : (scope.get(path.loop) ?? '?');
  return path.steps.reduce((pointer, step) => `${pointer}/${step}`, start);
}

/** Names of fields on the way to a pointer. */
export function stepsOf(pointer: string): string[] {
  return pointer.split('/').filter((step) => step !== '' && !/^\d+$/.test(step));
}

/** A directory copy or other resource that an item stands for, seen from a reference to it. */
export type Link = { rule: string; item: string; key: string };

export class Draft {
  readonly slots = new Map<string, readonly Json[]>();
  readonly counts = new Map<string, number>();
  /** By list: the orders in which other parts of the resources name its items. */
  readonly orders = new Map<string, readonly (readonly number[])[]>();
  /** By their text. */
  readonly links = new Map<string, Link>();
  private readonly byIdentity = new Map<string, number>();
  private readonly trail: (() => void)[] = [];
  private fresh = 0;

  mark(): number {
    return this.trail.length;
  }

  /** Takes everything back that was learnt since the mark. */
  undo(mark: number): void {
    while (this.trail.length > mark) this.trail.pop()!();
  }

  /** How many fields and items have been learnt so far. */
  get learnt(): number {
    return this.fresh;
  }

  /** The value of a field, when there is only one it can have. */
  value(pointer: string): Json | undefined {
    const values = this.slots.get(pointer);
    return values?.length === 1 ? values[0] : undefined;
  }

  /** Says that a field has one of these values; false when that cannot be, after all that is known of it. */
  narrow(pointer: string, values: readonly Json[]): boolean {
    const known = this.slots.get(pointer);
    const left = known ? known.filter((one) => values.some((other) => same(one, other))) : [...values];
    if (!left.length) return false;
    if (known?.length !== left.length) this.set(this.slots, pointer, left, known === undefined);
    return true;
  }

  /** A simple list holds this value. */
  addMember(list: string, value: Json): void {
    for (let index = 0; index < (this.counts.get(list) ?? 0); index += 1) {
      if (same(this.value(`${list}/${index}`), value)) return;
    }
    this.narrow(this.append(list), [value]);
  }

  /** A new item at the end of a list: its pointer. */
  append(list: string): string {
    const count = this.counts.get(list) ?? 0;
    this.set(this.counts, list, count + 1, true);
    return `${list}/${count}`;
  }

  /** The item of a list that has this value in its identifying field. */
  itemBy(list: string, field: string, value: Json): string | undefined {
    const index = this.byIdentity.get(identity(list, field, value));
    return index === undefined ? undefined : `${list}/${index}`;
  }

  appendBy(list: string, field: string, value: Json): string {
    const item = this.append(list);
    this.set(this.byIdentity, identity(list, field, value), Number(item.slice(list.length + 1)), false);
    this.narrow(`${item}${field}`, [value]);
    return item;
  }

  observeOrder(list: string, items: readonly number[]): void {
    if (items.length > 1) this.set(this.orders, list, [...(this.orders.get(list) ?? []), items], false);
  }

  link(link: Link): void {
    const text = JSON.stringify(link);
    if (!this.links.has(text)) this.set(this.links, text, link, false);
  }

  private set<T>(map: Map<string, T>, key: string, value: T, fresh: boolean): void {
    const before = map.get(key);
    if (fresh) this.fresh += 1;
    map.set(key, value);
    this.trail.push(() => {
      if (fresh) this.fresh -= 1;
      if (before === undefined) map.delete(key);
      else map.set(key, before);
    });
  }
}

function identity(list: string, field: string, value: Json): string {
  return JSON.stringify([list, field, value]);
}
