/** Rules that weigh one thing against another: figures of an item, the words of a list against who stands for them. */
import { isInForce, itemsAt, valueAt } from './items.ts';
import { matches } from './matches.ts';
import type { Check } from './rule-check.ts';

/** Every word of `values` is the `field` of an item of `list` that is in force on the day. */
export const represented: Check<'represented'> = (data, { values, list, field }, at) => {
  const words = valueAt(data, values);
  if (!Array.isArray(words)) return [];
  const present = new Set(
    itemsAt(data, list).flatMap(({ value }) => (isInForce(value, at) ? [value[field]] : [])),
  );
  return words.flatMap((word, index) =>
    present.has(word) ? [] : [{ pointer: `/${values}/${index}`, value: word }],
  );
};

/**
 * `part` is at least `min` and at most `max` percent of `whole`, in every item that has both. With `after`, only in
 * items dated (`by`) `years` years or more after the `date` of a matching item of another list. Numbers are texts.
 */
export const ratio: Check<'ratio'> = (data, { list, part, whole, min = 0, max = Infinity, after }) => {
  const starts = after
    ? itemsAt(data, after.list).flatMap(({ value }) =>
        matches(value, after.where) ? [value[after.date]] : [],
      )
    : [];
  return itemsAt(data, list).flatMap(({ pointer, value }) => {
    if (after && !starts.some((start) => isYearsAfter(value[after.by], start, after.years))) return [];
    const [share, total] = [Number(value[part]), Number(value[whole])];
    if (!(share * 100 < min * total || share * 100 > max * total)) return [];
    const percent = `${Math.floor((share / total) * 1000) / 10} %`.replace('.', ',');
    return [{ pointer: `${pointer}/${part}`, value: total > 0 ? percent : value[part] }];
  });
};

/** Partial dates compare as far as the shorter one goes. */
function isYearsAfter(date: unknown, start: unknown, years: number): boolean {
  if (typeof date !== 'string' || typeof start !== 'string') return false;
  const due = `${String(Number(start.slice(0, 4)) + years).padStart(4, '0')}${start.slice(4)}`;
  const length = Math.min(date.length, due.length);
  return date.slice(0, length) >= due.slice(0, length);
}
