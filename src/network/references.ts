import type { Issue } from '../fhir/issue.ts';
import type { JsonObject } from '../fhir/types.ts';
import { isObject } from '../mapping/compilation.ts';
import { locate } from '../mapping/locate.ts';
import { closest } from './closest.ts';
import { quoted } from './fault.ts';
import { isInForce, type Item, itemsAt } from './items.ts';
import type { Mention } from './kind.ts';
import type { Network } from './network.ts';

/** Nearest names are looked for this often: in a long list of mistakes it would take for ever. */
const mostHints = 20;

/**
 * A mention of somebody who is in no list is an error; of somebody whose period does not cover the day, an information:
 * a member leaves by one date on one line, and need not be taken out of every team.
 */
export function referenceIssues(network: Network, mentions: readonly Mention[], at: string): Issue[] {
  const lists = new Map<string, Map<string, Item[]>>();
  let hints = 0;
  return mentions.flatMap(({ pointer, list, id, anyDay }): Issue[] => {
    const members = lists.get(list) ?? membersById(network.data, list);
    lists.set(list, members);
    const named = members.get(id);
    const source = locate(network, pointer);
    if (!named) {
      const meant = (hints += 1) <= mostHints ? closest(id, [...members.keys()]) : undefined;
      const hint = meant ? ` Vouliez-vous dire ${quoted(meant)} ?` : '';
      const message = `${quoted(id)} ne figure pas dans la liste ${quoted(list.replace('/', ' : '))}.${hint}`;
      return [{ severity: 'error', code: 'not-found', message, source, rule: 'reference' }];
    }
    if (anyDay || named.some(({ value }) => isInForce(value, at)) || !isCurrent(network.data, pointer, at))
      return [];
    const message = `${quoted(id)} n’est pas dans le réseau au ${at}, mais est encore cité ici.`;
    return [{ severity: 'information', code: 'informational', message, source, rule: 'reference-period' }];
  });
}

function membersById(data: JsonObject, list: string): Map<string, Item[]> {
  const members = new Map<string, Item[]>();
  for (const item of itemsAt(data, list)) {
    const { id } = item.value;
    if (typeof id !== 'string') continue;
    const same = members.get(id);
    if (same) same.push(item);
    else members.set(id, [item]);
  }
  return members;
}

/** Is everything around the mention in force on the day? */
function isCurrent(data: JsonObject, pointer: string, at: string): boolean {
  let part: unknown = data;
  for (const step of pointer.split('/').slice(1)) {
    if (isObject(part) && !isInForce(part, at)) return false;
    part = (part as Record<string, unknown>)[step];
  }
  return true;
}
