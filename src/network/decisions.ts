/**
 * What people have decided about establishments that look alike (`doublons:` of a network file): `distincts`, never asked
 * about again; `identiques`, one establishment under several ids, of which the first is kept. Decisions bind (pitfall 42):
 * what contradicts one is an error, whatever the names or numbers say.
 */
import type { Issue, Position } from '../fhir/issue.ts';
import { closest } from './closest.ts';
import { fault, quoted } from './fault.ts';
import { isPlaceholder } from './sample-value.ts';
import type { Tree } from './tree.ts';

export const decisionsField = 'doublons';
export const apart = 'distincts';
const one = 'identiques';
const numberField = 'finess';

/** Nearest ids are looked for this often: in a long list of mistakes it would take for ever. */
const mostHints = 20;

type Decision = { ids: { id: string; position: Position }[]; same: boolean };
type Item = { list: Tree[]; item: Tree; number: string | undefined };

/** Takes the doubles of `identiques` out of their lists; says which, and what cannot be. */
export function applyDecisions(tree: Tree): Issue[] {
  if (!(tree.value instanceof Map)) return [];
  const decisions = decisionsOf(tree.value.get(decisionsField));
  if (decisions.length === 0) return [];
  const items = itemsById(tree.value);
  let hints = 0;
  return decisions.flatMap(({ ids, same }): Issue[] => {
    const unknown = ids.filter(({ id }) => !items.has(id) && !isPlaceholder(id));
    if (unknown.length > 0)
      return unknown.map(({ id, position }) =>
        missing(id, position, (hints += 1) <= mostHints ? [...items.keys()] : []),
      );
    const [first, ...others] = ids.filter(({ id }) => items.has(id));
    if (!first) return [];
    return others.flatMap(({ id, position }) => {
      const [kept, double] = [items.get(first.id)!, items.get(id)!];
      const numbers = kept.number !== undefined && double.number !== undefined;
      if (!same && numbers && kept.number === double.number) {
        const message = `${quoted(first.id)} et ${quoted(id)} sont dits distincts, mais ont le même FINESS : corrigez l’un des numéros ou cette décision.`;
        return [fault(position, 'conflict', message)];
      }
      if (!same) return [];
      if (numbers && kept.number !== double.number) {
        const message = `${quoted(first.id)} et ${quoted(id)} sont dits identiques, mais ont deux FINESS : corrigez l’un des numéros ou cette décision.`;
        return [fault(position, 'conflict', message)];
      }
      const index = double.list.indexOf(double.item);
      if (index < 0 || double === kept) return [];
      double.list.splice(index, 1);
      const message = `${quoted(id)} est le même établissement que ${quoted(first.id)} (décision du réseau) : seul ${quoted(first.id)} est retenu.`;
      const source = double.item.position;
      return [{ severity: 'information', code: 'informational', message, source, rule: 'doublons' }];
    });
  });
}

function decisionsOf(tree: Tree | undefined): Decision[] {
  if (!Array.isArray(tree?.value)) return [];
  return tree.value.flatMap(({ value }) =>
    [apart, one].flatMap((name): Decision[] => {
      const list = value instanceof Map ? value.get(name) : undefined;
      if (!Array.isArray(list?.value)) return [];
      const ids = list.value.flatMap(({ value: id, position }) =>
        typeof id === 'string' ? [{ id, position }] : [],
      );
      return [{ ids, same: name === one }];
    }),
  );
}

function itemsById(fields: ReadonlyMap<string, Tree>): Map<string, Item> {
  const items = new Map<string, Item>();
  for (const { value: list } of fields.values()) {
    if (!Array.isArray(list)) continue;
    for (const item of list) {
      const text = (name: string): string | undefined => {
        const value = item.value instanceof Map ? item.value.get(name)?.value : undefined;
        return typeof value === 'string' ? value : undefined;
      };
      const id = text('id');
      const number = text(numberField);
      if (id !== undefined && number !== undefined && !items.has(id)) items.set(id, { list, item, number });
    }
  }
  return items;
}

function missing(id: string, position: Position, ids: readonly string[]): Issue {
  const meant = closest(id, ids);
  const hint = meant ? ` Vouliez-vous dire ${quoted(meant)} ?` : '';
  return fault(position, 'not-found', `${quoted(id)} n’est l’id d’aucun établissement du réseau.${hint}`);
}
