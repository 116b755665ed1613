/** Rules between items of a network: who depends on whom, what two lists say of one establishment, dates of one item. */
import type { Json } from '../fhir/types.ts';
import { endField, isFilled, isInForce, type Item, itemsAt } from './items.ts';
import { matches } from './matches.ts';
import { isBefore, isUnclear } from './partial-date.ts';
import type { Check } from './rule-check.ts';

/** Following `by` from item to item, by their ids, never leads back. Told once a circle, at its first item. */
export const noCircle: Check<'no-circle'> = (data, { list, by }) => {
  const next = new Map<Json, Item>();
  for (const item of itemsAt(data, list)) {
    const { id, [by]: parent } = item.value;
    if (parent !== undefined) next.set(id ?? '', item); // who depends on nobody is in no circle
  }
  const settled = new Set<Item>();
  return [...next.values()].flatMap((start) => {
    const way = new Set<Item>();
    let at: Item | undefined = start;
    while (at && !settled.has(at) && !way.has(at)) {
      way.add(at);
      const parent: Json | undefined = at.value[by];
      at = parent === undefined ? undefined : next.get(parent);
    }
    for (const item of way) settled.add(item);
    return at && way.has(at) ? [{ pointer: `${at.pointer}/${by}`, value: at.value[by] }] : [];
  });
};

/**
 * The value of `by`, in items that match `where` and lack every field of `lacking`, is not that of the field `other` of an
 * item of `others`; with `current`, of one in force on the day.
 */
export const apart: Check<'apart'> = (
  data,
  { list, by, where = {}, lacking = [], others, other, current },
  at,
) => {
  const concerned = itemsAt(data, list).filter(
    ({ value }) =>
      value[by] !== undefined && matches(value, where) && !lacking.some((field) => isFilled(value[field])),
  );
  const asked = new Set(concerned.map(({ value }) => value[by]));
  const taken = new Set(
    itemsAt(data, others).flatMap(({ value }) =>
      asked.has(value[other]) && (!current || isInForce(value, at)) ? [value[other]] : [],
    ),
  );
  return concerned.flatMap(({ pointer, value }) =>
    taken.has(value[by]) ? [{ pointer: `${pointer}/${by}`, value: value[by] }] : [],
  );
};

/** Items that match `where` and have every field of `has` do not have `field`. */
export const excludes: Check<'excludes'> = (data, { list, where = {}, has = [], field }) =>
  itemsAt(data, list).flatMap(({ pointer, value }) =>
    matches(value, where) && has.every((one) => isFilled(value[one])) && isFilled(value[field])
      ? [{ pointer: `${pointer}/${field}`, value: value[field] }]
      : [],
  );

/** The date in `by` is not before the one in `after`, and so precise that this can be said. */
export const notBefore: Check<'not-before'> = (data, { list, by, after }) =>
  itemsAt(data, list).flatMap(({ pointer, value }) =>
    isBefore(value[by], value[after]) || isUnclear(value[by], value[after])
      ? [{ pointer: `${pointer}/${by}`, value: value[by] }]
      : [],
  );

/** In items in force on the day, the date in `by` is not over. */
export const notOver: Check<'not-over'> = (data, { list, by }, at) =>
  itemsAt(data, list).flatMap(({ pointer, value }) =>
    isInForce(value, at) && isBefore(value[by], at)
      ? [{ pointer: `${pointer}/${by}`, value: value[by] }]
      : [],
  );

/** The item of `others` that `through` names has the same value in `by`, where the item says one. */
export const sameAs: Check<'same-as'> = (data, { list, by, through, others }) => {
  const named = new Map(itemsAt(data, others).map(({ value }) => [value['id'], value[by]]));
  return itemsAt(data, list).flatMap(({ pointer, value }) => {
    const other = value[through];
    return other !== undefined &&
      named.has(other) &&
      value[by] !== undefined &&
      named.get(other) !== value[by]
      ? [{ pointer: `${pointer}/${by}`, value: value[by] }]
      : [];
  });
};

/**
 * In each item of `list`: at least `minimum` items of `among` that have not ended have the `by` of each item of `of`; all
 * count where it has none. One ended on the day has left, one to come counts: a team is filled before it meets.
 */
export const seated: Check<'seated'> = (data, { list, of, by, minimum, among }, at) =>
  itemsAt(data, list).flatMap((whole) => {
    const seats = itemsAt(whole.value, among).filter(({ value }) => !isBefore(value[endField], at));
    return itemsAt(whole.value, of).flatMap(({ pointer, value }) => {
      const count = seats.filter((seat) => value[by] === undefined || seat.value[by] === value[by]).length;
      if (count >= Number(value[minimum])) return [];
      return [{ pointer: `${whole.pointer}${pointer}/${minimum}`, value: value[by] ?? value[minimum] }];
    });
  });
