/** The proof of a record read back: mapped again, it must give what was read. What it does not give is told. */
import { networkSystem } from '../../fhir/names.ts';
import type { Issue } from '../../fhir/issue.ts';
import type { JsonObject } from '../../fhir/types.ts';
import type { Mapping } from '../compile.ts';
import { mapRecord } from '../map-record.ts';
import { type Difference, differencesOf } from './differences.ts';
import { type Incoming, readIncoming } from './incoming.ts';
import type { RuleShape } from './shape.ts';

/** Issues, and the places of the resources that the record gives. */
export function verify(
  mapping: Mapping,
  rules: readonly RuleShape[],
  record: JsonObject,
  incoming: readonly Incoming[],
  { at, file }: { at: string; file: string },
): { issues: Issue[]; explained: Set<number> } {
  const { id, name } = record as { id: string; name: string };
  const source = { file, data: record, kind: mapping.kind, id, name, positionOf: () => undefined };
  const mapped = mapRecord(mapping, source, { at });
  const bodies = mapped.resources.map(({ body }) => body);
  const written = new Map(
    readIncoming(bodies, rules).incoming.map((one) => [`${one.type} ${one.key}`, one] as const),
  );
  const given = new Map(incoming.map((one) => [`${one.type} ${one.key}`, one] as const));
  const issues: Issue[] = mapped.issues.filter(({ severity }) => severity !== 'information');
  const explained = new Set<number>();
  for (const [key, one] of given) {
    const other = written.get(key);
    if (!other) {
      if (isOwn(one, id)) issues.push(issueOf({ expression: placeOf(one), side: 'only-given' }, one));
      continue;
    }
    explained.add(one.index);
    const place = placeOf(one);
    const differences = differencesOf(one.elements, other.elements, place);
    issues.push(...differences.map((difference) => issueOf(difference, one)));
    for (const tag of other.tags) {
      if (!one.tags.some(({ system, code }) => system === tag.system && code === tag.code)) {
        issues.push(issueOf({ expression: `${place}.meta.tag`, side: 'only-written' }, one));
      }
    }
  }
  for (const [key, other] of written) {
    if (!given.has(key)) issues.push(issueOf({ expression: key, side: 'only-written' }, other));
  }
  return { issues, explained };
}

/** Is its key one of the network? Others may belong to another network of the same Bundle. */
function isOwn({ key }: Incoming, id: string): boolean {
  return `${key}/`.startsWith(`${networkSystem}|${id}/`);
}

function placeOf({ index }: Incoming): string {
  return `Bundle.entry[${index}].resource`;
}

const messages: Record<Difference['side'], string> = {
  'only-given': "n'est expliqué par aucune règle : la description ne le reprend pas",
  'only-written': 'serait publié par la description et manque ici',
  different: 'ne serait pas publié ainsi par la description',
};

function issueOf({ expression, side }: Difference, { type, key }: Incoming): Issue {
  const message = `${type} ${key} : ${expression} ${messages[side]}.`;
  return { severity: 'warning', code: 'processing', message, expression };
}
