/** Two descriptions compared: files as they are now, tables of networks among them, or versions that were published. */
import { GatewayError } from '../fhir/error.ts';
import { hasErrors, type Issue } from '../fhir/issue.ts';
import type { JsonObject } from '../fhir/types.ts';
import type { DiffSide } from '../cli/context.ts';
import { locate } from '../mapping/locate.ts';
import type { DescribedVersion, NetworkDifference } from '../operations.ts';
import { networkDifferences, type Side } from '../network/difference.ts';
import type { Network } from '../network/network.ts';
import { readNetworks } from '../network/read.ts';
import { readYaml } from '../network/read-yaml.ts';
import { flatten } from '../network/tree.ts';
import type { Knowledge } from './knowledge.ts';

/**
 * Every difference, and what was noticed on the way. Where a side describes many networks they are told apart by id, and
 * each difference begins with the network's. Throws `invalid` with the faults of a file that cannot be read.
 */
export async function diffNetworks(
  a: DiffSide,
  b: DiffSide,
  knowledge: Knowledge,
): Promise<{ differences: NetworkDifference[]; issues: Issue[] }> {
  const [old, young] = await Promise.all([described(a, knowledge), described(b, knowledge)]);
  const side = (network: Network, { at }: DiffSide): Side => ({
    network,
    ...(at === undefined ? {} : { at }),
  });
  const issues = [...old.issues, ...young.issues];
  const [one, other] = [old.networks, young.networks];
  if (one.length === 1 && other.length === 1)
    return { differences: networkDifferences(side(one[0]!, a), side(other[0]!, b)), issues };
  const [before, after] = [byId(one), byId(other)];
  const differences = [...new Set([...before.keys(), ...after.keys()])].flatMap((id): NetworkDifference[] => {
    const [was, is] = [before.get(id), after.get(id)];
    if (was && is)
      return networkDifferences(side(was, a), side(is, b)).map((found) => ({
        ...found,
        path: [id, ...found.path],
      }));
    const network = (is ?? was)!;
    const place = placeOf(network);
    return [
      {
        ...{ kind: is ? 'joined' : 'left', path: [id], name: network.name },
        ...(is ? { after: place } : { before: place }),
      },
    ];
  });
  return { differences, issues };
}

function byId(networks: readonly Network[]): Map<string, Network> {
  return new Map(networks.map((network) => [network.id, network]));
}

function placeOf(network: Network): string {
  const { file, line } = locate(network, '');
  return `${file}:${line}`;
}

async function described(
  side: DiffSide,
  knowledge: Knowledge,
): Promise<{ networks: Network[]; issues: Issue[] }> {
  if ('version' in side) return ofVersion(side.version);
  const { networks, issues } = await readNetworks(side.file, await knowledge.kinds());
  if (networks.length > 0 && !hasErrors(issues)) return { networks, issues: [] };
  const message = `Réseau illisible : ${side.file}`;
  throw new GatewayError({ category: 'invalid', side: 'sender', message, issues });
}

/** Places are those of the text as it was; rows of a list stand at the list. */
function ofVersion(version: DescribedVersion): { networks: Network[]; issues: Issue[] } {
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
    networks: [{ file, data: said, text, hash: version.sourceHash, kind, id, name, positionOf }],
    issues,
  };
}
