/** Rules of lists that take in items of another list by their ids, as a pathway its steps. */
import type { Json } from '../fhir/types.ts';
import { itemsAt } from './items.ts';
import type { Check } from './rule-check.ts';

/** Where an item of `list` names in `field` an item of `others`, it names also whom that one names in `by`. */
export const within: Check<'within'> = (data, { list, field, others, by }) => {
  const follows = new Map(
    itemsAt(data, others).flatMap(({ value: { id, [by]: earlier } }) =>
      id === undefined || earlier === undefined ? [] : [[id, earlier] as const],
    ),
  );
  return itemsAt(data, list).flatMap(({ pointer, value }) =>
    namedIn(value[field]).flatMap((id, index, named) => {
      const earlier = follows.get(id);
      if (earlier === undefined || named.includes(earlier)) return [];
      return [{ pointer: `${pointer}/${field}/${index}`, value: id }];
    }),
  );
};

/** Every item of `list` is named in `field` of some item of `others`. */
export const used: Check<'used'> = (data, { list, others, field }) => {
  const named = new Set(itemsAt(data, others).flatMap(({ value }) => namedIn(value[field])));
  return itemsAt(data, list).flatMap(({ pointer, value }) =>
    named.has(value['id'] ?? '') ? [] : [{ pointer, value: value['id'] }],
  );
};

function namedIn(ids: Json | undefined): readonly Json[] {
  return Array.isArray(ids) ? ids : [];
}
