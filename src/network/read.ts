import { stringify } from 'yaml';
import { contentHash } from '../fhir/normal.ts';
import type { Issue } from '../fhir/issue.ts';
import { hasErrors } from '../fhir/issue.ts';
import type { Json, JsonObject } from '../fhir/types.ts';
import { textOf } from '../mapping/compilation.ts';
import { decodeUtf8 } from '../tabular/decode.ts';
import type { Coverage } from './check-together.ts';
import { applyDecisions } from './decisions.ts';
import { fault, startOf } from './fault.ts';
import type { Kind } from './kind.ts';
import { includeLists } from './lists.ts';
import { limitIssues } from './limit-issues.ts';
import type { Network } from './network.ts';
import { readBytes } from './read-bytes.ts';
import { readYaml } from './read-yaml.ts';
import { type FieldsTree, isTable, networksOfTable, tableShape } from './table.ts';
import { flatten, type Tree } from './tree.ts';

type Kinds = ReadonlyMap<string, Pick<Kind, 'shape'>>;

/** What a file describes: mostly one network, a table of networks many. */
export type NetworkSet = { networks: Network[]; covered: Coverage[]; issues: Issue[] };

/**
 * Reads a network file (YAML in UTF-8, at most 5 MiB), or a table of networks, and the lists it names (CSV, XLSX), which
 * stand beside it; the kinds say what their columns may be.
 * Never throws for what a file holds: faults come back as issues with file, line and column (messages in French).
 * A list that cannot be read leaves the rest of the network, so that all faults can be told at once:
 * use a network only when neither this nor `checkNetwork` gave an error.
 */
export async function readNetworks(file: string, kinds: Kinds = new Map()): Promise<NetworkSet> {
  const { tree, text, issues } = await readFields(file);
  if (!tree) return { networks: [], covered: [], issues: limitIssues(issues) };
  const kind = textOf(tree.value.get('kind')?.value as Json | undefined);
  const shape = kinds.get(kind)?.shape;
  if (!isTable(tree)) {
    issues.push(...(await includeLists(tree, file, shape)), ...applyDecisions(tree));
    return { networks: [networkOf(file, tree, text)], covered: [], issues: limitIssues(issues) };
  }
  issues.push(...(await includeLists(tree, file, shape && tableShape(shape))));
  const { networks, covered, issues: faults } = networksOfTable(tree);
  issues.push(...faults);
  for (const network of networks)
    issues.push(...(await includeLists(network, file, shape)), ...applyDecisions(network));
  return {
    networks: networks.map((network) => networkOf(file, network)),
    covered: covered.map((claim) => ({ ...claim, kind })),
    issues: limitIssues(issues),
  };
}

/** The one network of a file; a table of networks is a fault here. */
export async function readNetwork(
  file: string,
  kinds: Kinds = new Map(),
): Promise<{ network?: Network; issues: Issue[] }> {
  const { networks, issues } = await readNetworks(file, kinds);
  if (networks.length > 1)
    issues.push(
      fault(startOf(file), 'structure', 'Ce fichier décrit plusieurs réseaux ; un seul est attendu ici.'),
    );
  return { ...(networks.length === 1 ? { network: networks[0]! } : {}), issues };
}

/** What a file itself says, the lists it names not yet read; no tree, and the faults, when it cannot be used. */
export async function readFields(
  file: string,
): Promise<{ tree?: FieldsTree; text: string; issues: Issue[] }> {
  const { bytes, issues: unread } = await readBytes(file, file);
  if (!bytes) return { text: '', issues: unread };
  const decoded = decodeUtf8(bytes);
  if ('invalidAt' in decoded) {
    const { offset, line, column } = decoded.invalidAt;
    const message = `Le fichier n’est pas en UTF-8 (octet ${offset + 1}) : enregistrez-le en UTF-8.`;
    return { text: '', issues: [fault({ file, line, column }, 'structure', message)] };
  }
  const { text } = decoded;
  const { tree, issues } = readYaml(text, file);
  if (!tree || hasErrors(issues)) return { text, issues };
  if (tree.value instanceof Map) return { tree: tree as FieldsTree, text, issues };
  return { text, issues: [noFields(file)] };
}

/** A network whose text is at hand, all its lists in it: nothing is read from elsewhere. */
export function networkOfText(text: string, file: string): { network?: Network; issues: Issue[] } {
  const { tree, issues } = readYaml(text, file);
  if (!tree || hasErrors(issues)) return { issues: limitIssues(issues) };
  if (!(tree.value instanceof Map)) return { issues: [noFields(file)] };
  return { network: networkOf(file, tree, text), issues: limitIssues(issues) };
}

function noFields(file: string): Issue {
  return fault(startOf(file), 'structure', 'Un réseau se décrit par des champs : kind, id, name…');
}

/** `text`: what was read; a network out of a table has the text that would describe it alone. */
export function networkOf(file: string, tree: Tree, text?: string): Network {
  const { data: json, positions } = flatten(tree);
  const data = json as JsonObject;
  return {
    file,
    data,
    text: text ?? stringify(data),
    hash: contentHash(data),
    // Missing or mistyped, these are for the schema of the kind to report.
    kind: textOf(data['kind']),
    id: textOf(data['id']),
    name: textOf(data['name']),
    positionOf: (pointer) => positions.get(pointer),
  };
}
