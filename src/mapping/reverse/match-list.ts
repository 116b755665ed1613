/** A list of a resource against the list of a mapping: which item was written by which rule, in order. */
import { pointerOf, type Scope } from './draft.ts';
import { attempt, type Matching } from './matching.ts';
import type { Shape } from './shape.ts';
import { supposeAbsent } from './suppose.ts';

/** The items of its list that a loop was read back to. */
type Progress = { items: number[]; list?: string };

/**
 * Each value goes to the first rule, not before that of the value in front of it, that can have written it.
 * Returns how many values found one; those that did not are passed over.
 */
export function matchList(
  m: Matching,
  shapes: readonly Shape[],
  values: readonly unknown[],
  scope: Scope,
): number {
  const progress = shapes.map((): Progress => ({ items: [] }));
  const written = new Set<Shape>();
  let from = 0;
  let matched = 0;
  for (const value of values) {
    for (let index = from; index < shapes.length; index += 1) {
      const shape = shapes[index]!;
      if (!attempt(m, () => matchOne(m, shape, value, scope, progress[index]!))) continue;
      from = isLoop(shape) ? index : index + 1;
      matched += 1;
      written.add(shape);
      break;
    }
  }
  for (const shape of shapes) if (!written.has(shape)) supposeAbsent(m.draft, scope, shape);
  for (const { list, items } of progress) if (list !== undefined) m.draft.observeOrder(list, items);
  return matched;
}

function isLoop(shape: Shape): boolean {
  return shape.kind === 'guarded' ? isLoop(shape.body) : shape.kind === 'repeat';
}

function matchOne(m: Matching, shape: Shape, value: unknown, scope: Scope, progress: Progress): boolean {
  return shape.kind === 'repeat'
    ? matchItem(m, shape, value, scope, progress)
    : m.match(m, shape, value, scope);
}

/** The item of the loop's list that this value was written for: a new one where items have no keys. */
function matchItem(
  m: Matching,
  shape: Shape & { kind: 'repeat' },
  value: unknown,
  scope: Scope,
  progress: Progress,
): boolean {
  const list = pointerOf(scope, shape.list);
  const count = m.draft.counts.get(list) ?? 0;
  const fits = (index: number): boolean =>
    m.match(m, shape.body, value, new Map([...scope, [shape.item, `${list}/${index}`]]));
  const take = (index: number): boolean => {
    if (!attempt(m, () => fits(index))) return false;
    progress.items.push(index);
    return true;
  };
  if (m.identities.has(list)) {
    progress.list = list;
    if (m.courage < 1) m.later = true;
    const index = leastLearnt(m, count, progress.items, fits);
    return index !== undefined && take(index);
  }
  for (let index = (progress.items.at(-1) ?? -1) + 1; index < count; index += 1) if (take(index)) return true;
  m.draft.append(list);
  return take(count);
}

/** Of the items that may be meant, the one of which least would be news; the next in order where several are equal. */
function leastLearnt(
  m: Matching,
  count: number,
  taken: readonly number[],
  fits: (index: number) => boolean,
): number | undefined {
  const last = taken.at(-1) ?? -1;
  let best: number | undefined;
  let least = Infinity;
  for (let turn = 1; turn <= count && least > 0; turn += 1) {
    const index = (last + turn) % count;
    if (taken.includes(index)) continue;
    const { learnt } = m.draft;
    const mark = m.draft.mark();
    const news = fits(index) ? m.draft.learnt - learnt : Infinity;
    m.draft.undo(mark);
    if (news < least) [best, least] = [index, news];
  }
  return best;
}
