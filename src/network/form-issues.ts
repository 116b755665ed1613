/** Faults that any kind of network can have: the same id twice in a list, a period that ends before it begins. */
import { DigestTable } from '../fhir/digest-table.ts';
import type { Issue } from '../fhir/issue.ts';
import type { Json, JsonObject } from '../fhir/types.ts';
import { isObject } from '../mapping/compilation.ts';
import { locate } from '../mapping/locate.ts';
import { quoted } from './fault.ts';
import { endField, startField, visitParts } from './items.ts';
import type { Network } from './network.ts';
import { isBefore, isPartialDate, isUnclear } from './partial-date.ts';

export function formIssues(network: Network): Issue[] {
  const issues: Issue[] = [];
  visitParts(network.data, (part, pointer) => {
    if (Array.isArray(part)) issues.push(...duplicates(network, part, pointer));
    else issues.push(...periodFaults(network, part, pointer));
  });
  return issues;
}

function duplicates(network: Network, list: readonly Json[], pointer: string): Issue[] {
  const seen = new DigestTable();
  return list.flatMap((item, index): Issue[] => {
    const id = isObject(item) ? item['id'] : undefined;
    if (typeof id !== 'string') return [];
    const first = seen.add(id, index + 1);
    if (first === undefined) return [];
    const { file, line } = locate(network, `${pointer}/${first - 1}/id`);
    const message = `L’id ${quoted(id)} est déjà pris dans cette liste (${file}, ligne ${line}).`;
    return [
      {
        severity: 'error',
        code: 'duplicate',
        message,
        source: locate(network, `${pointer}/${index}/id`),
        rule: 'duplicate-id',
      },
    ];
  });
}

/**
 * An end before its start; or both in one year or month, the one told to the day and the other not: which came first is
 * not said, and R4 has no such period (per-1). The order of other periods of a kind (`convention_debut`) is for its rules.
 */
function periodFaults(network: Network, part: JsonObject, pointer: string): Issue[] {
  return Object.keys(part).flatMap((name): Issue[] => {
    if (name !== startField && !name.endsWith(`_${startField}`)) return [];
    const last = name.slice(0, -startField.length) + endField;
    const { [name]: start, [last]: end } = part;
    if (typeof start !== 'string' || typeof end !== 'string' || !isPartialDate(start) || !isPartialDate(end))
      return [];
    const unclear = isUnclear(start, end);
    if (!unclear && !(name === startField && isBefore(end, start))) return [];
    const message = unclear
      ? `La fin (${end}) et le début (${start}) tombent ensemble : écrivez les deux avec la même précision.`
      : `La fin (${end}) est avant le début (${start}).`;
    const source = locate(network, `${pointer}/${last}`);
    return [{ severity: 'error', code: 'business-rule', message, source, rule: 'period' }];
  });
}
