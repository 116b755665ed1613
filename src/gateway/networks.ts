/** Network files → checked → mapped → validated: what publication and the command line start from. */
import { glob } from 'node:fs/promises';
import { GatewayError } from '../fhir/error.ts';
import { hasErrors, type Issue } from '../fhir/issue.ts';
import type { AnyResource } from '../fhir/types.ts';
import { resolveBundle } from '../mapping/bundle.ts';
import { locate } from '../mapping/locate.ts';
import { mapRecord } from '../mapping/map-record.ts';
import type { MappedResource } from '../mapping/types.ts';
import { checkNetwork } from '../network/check.ts';
import { checkTogether } from '../network/check-together.ts';
import { findKind } from '../network/find-kind.ts';
import type { Network } from '../network/network.ts';
import { type NetworkSet, readNetworks } from '../network/read.ts';
import type { MappedNetwork } from '../publish/types.ts';
import type { Basis } from '../store/desired.ts';
import type { Knowledge } from './knowledge.ts';

/** One file as far as it could be brought; `network` and `resources` only when nothing forbids using them. */
export type NetworkFile = {
  file: string;
  network?: Network;
  resources: readonly MappedResource[];
  issues: Issue[];
  /** What mapping found, which is stored with what it made. */
  mappingIssues?: Issue[];
  /** Its resources are those that are stored. */
  kept?: true;
};

export type ReadOptions = {
  at: string;
  explain?: boolean;
  /** What is stored already, by network: what was made from the same is not mapped again. */
  stored?: ReadonlyMap<string, Basis>;
  /** What the directory says of each network's copies now, as a digest. */
  digests?: ReadonlyMap<string, string>;
};

/** Reads, checks and maps files; every fault of every file comes back, nothing is thrown for what a file holds. */
export async function readNetworkFiles(
  files: readonly string[],
  knowledge: Knowledge,
  options: ReadOptions,
): Promise<NetworkFile[]> {
  const kinds = await knowledge.kinds();
  const sets = await Promise.all(files.map((file) => readNetworks(file, kinds)));
  const read: NetworkFile[] = [];
  for (const [index, set] of sets.entries())
    read.push(...(await bring(files[index]!, set, knowledge, options)));
  const networks = sets.flatMap((set) => set.networks);
  const together = checkTogether(
    networks,
    kinds,
    sets.flatMap(({ covered }) => covered),
  );
  for (const issue of together)
    (read.find((one) => one.file === issue.source?.file) ?? read[0])?.issues.push(issue);
  return read;
}

/** The networks of one file; what is wrong with the file as a whole stands with the first. */
async function bring(
  file: string,
  { networks, issues }: NetworkSet,
  knowledge: Knowledge,
  options: ReadOptions,
): Promise<NetworkFile[]> {
  if (networks.length === 0) return [{ file, resources: [], issues }];
  const files: NetworkFile[] = [];
  for (const [index, network] of networks.entries())
    files.push(await bringOne(network, index === 0 ? issues : [], hasErrors(issues), knowledge, options));
  return files;
}

async function bringOne(
  network: Network,
  issues: Issue[],
  unusable: boolean,
  knowledge: Knowledge,
  { at, explain, stored, digests }: ReadOptions,
): Promise<NetworkFile> {
  const { file } = network;
  const found = findKind(network, await knowledge.kinds());
  issues.push(...found.issues);
  if (!found.kind) return { file, network, resources: [], issues };
  issues.push(...checkNetwork(network, found.kind, { at }));
  if (unusable || hasErrors(issues)) return { file, network, resources: [], issues };
  const before = stored?.get(network.id);
  const basis = basisWith(await basisOf(knowledge, at), digests?.get(network.id));
  if (before?.sourceHash === network.hash && before.basis === basis) {
    const mappingIssues = before.issues as unknown as Issue[];
    issues.push(...mappingIssues);
    return { file, network, resources: [], issues, mappingIssues, kept: true };
  }
  const mapped = mapRecord(found.kind.mapping, network, { at, explain: explain ?? false });
  const mappingIssues = [...mapped.issues, ...(await validateMapped(mapped.resources, knowledge, file))];
  issues.push(...mappingIssues);
  return { file, network, resources: mapped.resources, issues, mappingIssues };
}

/** The day and the program that a network is mapped with. */
async function basisOf(knowledge: Knowledge, at: string): Promise<string> {
  return `${at} ${await knowledge.fingerprint()}`;
}

/** The same with what the directory says of the network's copies, where it says something. */
export function basisWith(basis: string, digest: string | undefined): string {
  return digest === undefined ? basis : `${basis} ${digest}`;
}

/** A mapping that breaks its own profile is our fault, and is stopped before it reaches anybody (P-46). */
async function validateMapped(
  resources: readonly MappedResource[],
  knowledge: Knowledge,
  file: string,
): Promise<Issue[]> {
  const validator = await knowledge.validator();
  return resolveBundle(resources).entry.flatMap(({ resource }, index) =>
    validator.validate(resource).map((issue) => ({
      ...issue,
      message: `${issue.message} (${resources[index]!.type} ${resources[index]!.key})`,
      source: { file, line: 1, column: 1 },
    })),
  );
}

/** All networks of the configuration, or one GatewayError with every fault of every file. */
export async function loadNetworks(
  patterns: readonly string[],
  knowledge: Knowledge,
  at: string,
  bases: readonly Basis[] = [],
  digests: ReadonlyMap<string, string> = new Map(),
): Promise<{ networks: MappedNetwork[]; issues: Issue[] }> {
  const files = (await Promise.all(patterns.map(filesOf))).flat().sort();
  const stored = new Map(bases.map((one) => [one.networkId, one]));
  const read = await readNetworkFiles(files, knowledge, { at, explain: true, stored, digests });
  const issues = read.flatMap((one) => one.issues);
  if (hasErrors(issues)) {
    throw new GatewayError({
      category: 'invalid',
      side: 'sender',
      message: 'Des fichiers de réseau ont des fautes : rien n’est publié.',
      issues: issues.filter(({ severity }) => severity !== 'information'),
    });
  }
  const basis = await basisOf(knowledge, at);
  const networks = read.flatMap((one) => {
    if (!one.network) return [];
    const digest = one.kept ? digests.get(one.network.id) : undefined;
    return [mappedNetwork(one, one.network, basisWith(basis, digest))];
  });
  return { networks, issues };
}

async function filesOf(pattern: string): Promise<string[]> {
  const found = await Array.fromAsync(glob(pattern));
  if (found.length || pattern.includes('*')) return found;
  return [pattern]; // the reader says that it is not there
}

function mappedNetwork(
  { resources, mappingIssues = [], kept }: NetworkFile,
  network: Network,
  basis: string,
): MappedNetwork {
  const { id, kind, name, text, file, hash, data } = network;
  return {
    ...{
      id,
      kind,
      name,
      source: text,
      sourceFile: file,
      sourceHash: hash,
      resources,
      issues: mappingIssues,
      basis,
    },
    content: data,
    ...(kept ? { kept: 'desired' as const } : {}),
    positionOf: (pointer) => locate(network, pointer),
  };
}

/** What the files become, as one Bundle with references resolved. */
export function bundleOfNetworks(files: readonly Pick<NetworkFile, 'resources'>[]): AnyResource {
  const unique = new Map(
    files.flatMap(({ resources }) => resources.map((one) => [`${one.type} ${one.key}`, one] as const)),
  );
  return resolveBundle([...unique.values()]);
}
