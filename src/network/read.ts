import { contentHash } from '../fhir/normal.ts';
import type { Issue } from '../fhir/issue.ts';
import { hasErrors } from '../fhir/issue.ts';
import type { JsonObject } from '../fhir/types.ts';
import { textOf } from '../mapping/compilation.ts';
import { decodeUtf8 } from '../tabular/decode.ts';
import { applyDecisions } from './decisions.ts';
import { fault, startOf } from './fault.ts';
import type { Kind } from './kind.ts';
import { includeLists } from './lists.ts';
import { limitIssues } from './limit-issues.ts';
import type { Network } from './network.ts';
import { readBytes } from './read-bytes.ts';
import { readYaml } from './read-yaml.ts';
import { flatten } from './tree.ts';
import type { Tree } from './tree.ts';

/**
 * Reads a network file (YAML in UTF-8, at most 5 MiB) and the lists it names (CSV, XLSX), which stand beside it; the kinds
 * say what their columns may be.
 * Never throws for what a file holds: faults come back as issues with file, line and column (messages in French).
 * A list that cannot be read leaves the rest of the network, so that all faults can be told at once:
 * use a network only when neither this nor `checkNetwork` gave an error.
 */
export async function readNetwork(
  file: string,
  kinds: ReadonlyMap<string, Pick<Kind, 'shape'>> = new Map(),
): Promise<{ network?: Network; issues: Issue[] }> {
  const { bytes, issues: unread } = await readBytes(file, file);
  if (!bytes) return { issues: unread };
  const decoded = decodeUtf8(bytes);
  if ('invalidAt' in decoded) {
    const { offset, line, column } = decoded.invalidAt;
    const message = `Le fichier n’est pas en UTF-8 (octet ${offset + 1}) : enregistrez-le en UTF-8.`;
    return { issues: [fault({ file, line, column }, 'structure', message)] };
  }
  const { tree, issues } = readYaml(decoded.text, file);
  if (!tree || hasErrors(issues)) return { issues: limitIssues(issues) };
  if (!(tree.value instanceof Map)) return { issues: [noFields(file)] };
  const kind = tree.value.get('kind')?.value;
  const shape = typeof kind === 'string' ? kinds.get(kind)?.shape : undefined;
  issues.push(...(await includeLists(tree, file, shape)), ...applyDecisions(tree));
  return { network: networkOf(file, decoded.text, tree), issues: limitIssues(issues) };
}

/** A network whose text is at hand, all its lists in it: nothing is read from elsewhere. */
export function networkOfText(text: string, file: string): { network?: Network; issues: Issue[] } {
  const { tree, issues } = readYaml(text, file);
  if (!tree || hasErrors(issues)) return { issues: limitIssues(issues) };
  if (!(tree.value instanceof Map)) return { issues: [noFields(file)] };
  return { network: networkOf(file, text, tree), issues: limitIssues(issues) };
}

function noFields(file: string): Issue {
  return fault(startOf(file), 'structure', 'Un réseau se décrit par des champs : kind, id, name…');
}

function networkOf(file: string, text: string, tree: Tree): Network {
  const { data: tip, positions } = flatten(tree);
  const data = tip as JsonObject;
  return {
    file,
    data,
    text,
    hash: contentHash(data),
    // Missing or mistyped, these are for the schema of the kind to report.
    kind: textOf(data['kind']),
    id: textOf(data['id']),
    name: textOf(data['name']),
    positionOf: (pointer) => positions.get(pointer),
  };
}
