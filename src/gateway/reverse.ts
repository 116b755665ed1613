/** FHIR resources → network files: the mapping of each kind read backwards, and the file it gives checked as any other. */
import type { Issue } from '../fhir/issue.ts';
import type { AnyResource, JsonObject } from '../fhir/types.ts';
import { type Reversed, networkIds, reverseMapping, reverseNetwork } from '../mapping/reverse/reverse.ts';
import { recordYaml } from '../mapping/reverse/write-yaml.ts';
import { checkNetwork } from '../network/check.ts';
import { fieldsOf } from '../network/fields.ts';
import type { Kind } from '../network/kind.ts';
import { networkOfText } from '../network/read.ts';
import type { Knowledge } from './knowledge.ts';

/** One network read back. Issues: what its file does not explain, what had to be chosen, what the check says of the file. */
export type NetworkText = { id: string; kind: string; text: string; record: JsonObject; issues: Issue[] };

/** Every network found among the resources, and the resources that belong to none. `file` names where they came from. */
export async function reverseResources(
  resources: readonly AnyResource[],
  knowledge: Knowledge,
  options: { at: string; file: string },
): Promise<{ networks: NetworkText[]; issues: Issue[] }> {
  const kinds = [...(await knowledge.kinds()).values()];
  const found = new Map<string, { kind: Kind; reversed: Reversed }>();
  for (const kind of kinds) {
    const mapping = reverseMapping(kind.mapping, fieldsOf(kind.shape));
    for (const id of networkIds(mapping, resources)) {
      const reversed = reverseNetwork(mapping, id, resources, options);
      const best = found.get(id);
      if (!best || faults(reversed) < faults(best.reversed)) found.set(id, { kind, reversed });
    }
  }
  const explained = new Set([...found.values()].flatMap(({ reversed }) => [...reversed.explained]));
  const unexplained = resources.flatMap((resource, index): Issue[] => {
    if (explained.has(index)) return [];
    const expression = `Bundle.entry[${index}].resource`;
    const message = `${expression} (${resource.resourceType}) n'est d'aucun réseau décrit : non repris.`;
    return [{ severity: 'warning', code: 'not-found', message, expression }];
  });
  return { networks: [...found].map(([id, one]) => textOf(id, one, options)), issues: unexplained };
}

function faults({ issues }: Reversed): number {
  return issues.filter(({ severity }) => severity !== 'information').length;
}

function textOf(
  id: string,
  { kind, reversed: { record, issues } }: { kind: Kind; reversed: Reversed },
  { at, file }: { at: string; file: string },
): NetworkText {
  const text = recordYaml(record, [`Réseau relu de ${file} le ${at}.`]);
  const { network, issues: unread } = networkOfText(text, `${id}.yaml`);
  const checked = network ? checkNetwork(network, kind, { at }) : unread;
  return { id, kind: kind.name, text, record, issues: [...issues, ...checked] };
}
