/** Two descriptions compared: files as they are now, or versions that were published. */
import { GatewayError } from '../fhir/error.ts';
import { hasErrors, type Issue } from '../fhir/issue.ts';
import type { JsonObject } from '../fhir/types.ts';
import type { DiffSide } from '../cli/context.ts';
import type { DescribedVersion, NetworkDifference } from '../operations.ts';
import { networkDifferences } from '../network/difference.ts';
import type { Network } from '../network/network.ts';
import { readNetwork } from '../network/read.ts';
import { readYaml } from '../network/read-yaml.ts';
import { flatten } from '../network/tree.ts';

/** Every difference, and what was noticed on the way. Throws `invalid` with the faults of a file that cannot be read. */
export async function diffNetworks(
  a: DiffSide,
  b: DiffSide,
): Promise<{ differences: NetworkDifference[]; issues: Issue[] }> {
  const [old, young] = await Promise.all([described(a), described(b)]);
  const side = ({ at }: DiffSide) => (at === undefined ? {} : { at });
  const differences = networkDifferences(
    { network: old.network, ...side(a) },
    { network: young.network, ...side(b) },
  );
  return { differences, issues: [...old.issues, ...young.issues] };
}

async function described(side: DiffSide): Promise<{ network: Network; issues: Issue[] }> {
  if ('version' in side) return ofVersion(side.version);
  const { network, issues } = await readNetwork(side.file);
  if (network && !hasErrors(issues)) return { network, issues: [] };
  const message = `Réseau illisible : ${side.file}`;
  throw new GatewayError({ category: 'invalid', side: 'sender', message, issues });
}

/** Places are those of the text as it was; rows of a list stand at the list. */
function ofVersion(version: DescribedVersion): { network: Network; issues: Issue[] } {
  const { id, kind, name, source: text, content } = version;
  const file = `${version.file}@${version.version}`;
  const { tree } = readYaml(text, file);
  const { data, positions } = tree ? flatten(tree) : { data: {}, positions: new Map<string, never>() };
  const issues: Issue[] = [];
  if (content === null)
    issues.push({
      ...{ severity: 'warning', code: 'not-found' },
      message: `${file} : les lignes de ses listes n’ont pas été gardées et manquent à la comparaison.`,
    });
  const positionOf: Network['positionOf'] = (pointer) => positions.get(pointer);
  const said = (content ?? data) as JsonObject;
  return {
    network: { file, data: said, text, hash: version.sourceHash, kind, id, name, positionOf },
    issues,
  };
}
