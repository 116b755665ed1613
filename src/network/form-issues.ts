/** Faults that any kind of network can have: the same id twice in a list, a period that ends before it begins. */
import type { Issue } from '../fhir/issue.ts';
import type { Json, JsonObject } from '../fhir/types.ts';
import { isObject } from '../mapping/compilation.ts';
import { locate } from '../mapping/locate.ts';
import { quoted } from './fault.ts';
import { endField, startField, visitParts } from './items.ts';
import type { Network } from './network.ts';
import { isPartialDate } from './partial-date.ts';

export function formIssues(network: Network): Issue[] {
  const issues: Issue[] = [];
  visitParts(network.data, (part, pointer) => {
    if (Array.isArray(part)) issues.push(...duplicates(network, part, pointer));
    else issues.push(...reversedPeriod(network, part, pointer));
  });
  return issues;
}

function duplicates(network: Network, list: readonly Json[], pointer: string): Issue[] {
  const seen = new Map<string, number>();
  return list.flatMap((item, index): Issue[] => {
    const id = isObject(item) ? item['id'] : undefined;
    if (typeof id !== 'string') return [];
    const first = seen.get(id);
    if (first === undefined) {
      seen.set(id, index);
      return [];
    }
    const { file, line } = locate(network, `${pointer}/${first}/id`);
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

/** A year or a month is compared as far as both dates go: `2024` to `2024-03` is no fault. */
function reversedPeriod(network: Network, part: JsonObject, pointer: string): Issue[] {
  const { [startField]: start, [endField]: end } = part;
  if (typeof start !== 'string' || typeof end !== 'string' || !isPartialDate(start) || !isPartialDate(end))
    return [];
  const length = Math.min(start.length, end.length);
  if (end.slice(0, length) >= start.slice(0, length)) return [];
  const message = `La fin (${end}) est avant le début (${start}).`;
  return [
    {
      severity: 'error',
      code: 'business-rule',
      message,
      source: locate(network, `${pointer}/${endField}`),
      rule: 'period',
    },
  ];
}
