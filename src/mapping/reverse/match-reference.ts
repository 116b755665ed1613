/** A reference read back: the local id of the item whose resource it points to. */
import type { KeyReference } from '../../fhir/references.ts';
import { pointerOf, type Scope } from './draft.ts';
import { bind, type Matching, readTemplate } from './matching.ts';
import type { Shape } from './shape.ts';
import { holds } from './suppose.ts';

const nowhere: Scope = new Map();

export function matchReference(
  m: Matching,
  { target: name, id }: Shape & { kind: 'reference' },
  { type, key }: KeyReference,
  scope: Scope,
): boolean {
  const target = m.rules.get(name)!;
  const { keySystem, loop } = target;
  if (type !== target.type || !key.startsWith(`${keySystem}|`)) return false;
  if (m.plausible.get(`${type} ${key}`)?.has(name) === false) return false;
  const captures = readTemplate(m, nowhere, target.key, key.slice(keySystem.length + 1));
  if (!captures) return false;
  if (!id || !loop || !target.id) return !id;
  const field = target.id.steps.map((step) => `/${step}`).join('');
  const named = captures.find(
    ({ path }) => path.loop !== undefined && path.steps.map((step) => `/${step}`).join('') === field,
  );
  const pointer = pointerOf(scope, id);
  if (named && !bind(m, pointer, [named.value])) return false;
  const list = pointerOf(nowhere, loop.list);
  const known = m.draft.value(pointer);
  if (known !== undefined) {
    const item = m.draft.itemBy(list, field, known);
    if (item === undefined) return (m.later ||= m.courage < 2) || named !== undefined;
    if (target.when && holds(m.draft, new Map([[loop.item, item]]), target.when) === false) return false;
    m.draft.link({ rule: name, item, key });
    return true;
  }
  const ids = [...m.draft.links.values()]
    .filter((link) => link.rule === name && link.key === key)
    .flatMap(({ item }) => m.draft.value(`${item}${field}`) ?? []);
  if (m.courage < 1 || (!ids.length && m.courage < 2)) m.later = true;
  return ids.length === 0 ? m.later : bind(m, pointer, ids);
}
