/** What generated networks go through: read from files, checked, mapped, validated, published over HTTP, read back. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { contentHash } from '../../src/fhir/normal.ts';
import type { JsonObject } from '../../src/fhir/types.ts';
import { createKnowledge, type Knowledge, shippedFolders } from '../../src/gateway/knowledge.ts';
import { type NetworkFile, readNetworkFiles } from '../../src/gateway/networks.ts';
import { resolveBundle } from '../../src/mapping/bundle.ts';
import { textOf } from '../../src/mapping/compilation.ts';
import { mapRecord } from '../../src/mapping/map-record.ts';
import { reverseMapping, reverseNetwork, type ReverseMapping } from '../../src/mapping/reverse/reverse.ts';
import type { MappedResource } from '../../src/mapping/types.ts';
import { fieldsOf } from '../../src/network/fields.ts';
import { apply } from '../../src/publish/apply.ts';
import { plan } from '../../src/publish/plan.ts';
import type { MappedNetwork, PublishParts } from '../../src/publish/types.ts';
import { isError } from './issues.ts';
import type { Generated } from './networks.ts';

/** What went wrong with one network, and where on the way. */
export type Fault = { network: string; stage: 'read' | 'publish' | 'plan' | 'round trip'; message: string };

export type Outcome = { networks: number; resources: number; faults: Fault[] };

/** The mappings and profiles as they ship. */
export const knowledgeOfTheProject = (): Knowledge =>
  createKnowledge(shippedFolders(new URL('../../src/main.ts', import.meta.url).href));

/** Writes the networks to files and reads them as the program does, every fault told. */
export async function readGenerated(
  networks: readonly Generated[],
  knowledge: Knowledge,
  at: string,
): Promise<{ read: NetworkFile[]; faults: Fault[] }> {
  const folder = await mkdtemp(join(tmpdir(), 'passerelle-generated-'));
  try {
    const files = networks.map(({ id }) => join(folder, `${id}.yaml`));
    await Promise.all(files.map((file, index) => writeFile(file, stringify(networks[index]!.data))));
    const read = await readNetworkFiles(files, knowledge, { at });
    const faults = read.flatMap(({ issues }, index) =>
      issues.filter(isError).map(({ message, rule, source }): Fault => ({
        network: networks[index]!.id,
        stage: 'read',
        message: `${rule ?? ''} line ${source?.line ?? 0}: ${message}`,
      })),
    );
    return { read, faults };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Publishes networks to all servers of a tenant; a second plan has nothing left to do. */
export async function publishGenerated(
  parts: PublishParts,
  tenant: string,
  read: readonly NetworkFile[],
): Promise<Fault[]> {
  const networks = read.flatMap(({ network, resources }): MappedNetwork[] => {
    if (!network) return [];
    const { id, kind, name, text, file, hash } = network;
    return [{ id, kind, name, source: text, sourceFile: file, sourceHash: hash, resources }];
  });
  const applied = await apply(parts, { tenant, actor: 'essai' }, networks, { confirm: true });
  const again = await plan(parts, tenant, networks);
  const stuck = applied.servers
    .filter(({ parked, waiting }) => parked + waiting > 0)
    .map(({ server, parked, waiting }) => `${server}: ${parked} parked, ${waiting} waiting`);
  const blocked = applied.plan.servers.flatMap(({ changes }) => changes.filter(({ op }) => op === 'blocked'));
  const left = again.servers.flatMap(({ changes }) => changes.filter(({ op }) => op !== 'unchanged'));
  return [
    ...stuck.map((message): Fault => ({ network: tenant, stage: 'publish', message })),
    ...blocked.map(({ network, key, reason }): Fault => ({
      network,
      stage: 'publish',
      message: `${key}: ${reason}`,
    })),
    ...left.map(({ network, op, type, key }): Fault => ({
      network,
      stage: 'plan',
      message: `${op} ${type} ${key}`,
    })),
  ];
}

const reversed = new Map<string, ReverseMapping>();

/** Reads what was published back and maps it again: the same resources must come out. */
export async function roundTrip(
  read: readonly NetworkFile[],
  knowledge: Knowledge,
  at: string,
): Promise<Fault[]> {
  const kinds = await knowledge.kinds();
  return read.flatMap(({ network, resources }): Fault[] => {
    if (!network) return [];
    const kind = kinds.get(network.kind)!;
    const reverse = reversed.get(kind.name) ?? reverseMapping(kind.mapping, fieldsOf(kind.shape));
    reversed.set(kind.name, reverse);
    const bundle = resolveBundle(resources).entry.map(({ resource }) => resource);
    const { record, issues } = reverseNetwork(reverse, network.id, bundle, { at, file: 'bundle.json' });
    const told = issues.filter(({ severity }) => severity !== 'information').map(({ message }) => message);
    const differing = differences(resources, mapRecord(kind.mapping, recordOf(record), { at }).resources);
    return [...told, ...differing]
      .slice(0, 3)
      .map((message) => ({ network: network.id, stage: 'round trip', message }));
  });
}

function recordOf(data: JsonObject): Parameters<typeof mapRecord>[1] {
  const [kind, id, name] = ['kind', 'id', 'name'].map((field) => textOf(data[field]));
  return { file: 'bundle.json', data, kind: kind!, id: id!, name: name!, positionOf: () => undefined };
}

/** Names of resources that only one side has, or that are not the same on both. */
function differences(before: readonly MappedResource[], after: readonly MappedResource[]): string[] {
  const nameOf = ({ type, key }: MappedResource): string => `${type} ${key}`;
  const contents = (all: readonly MappedResource[]): Map<string, string> =>
    new Map(all.map((one) => [nameOf(one), contentHash(one.body)]));
  const [old, now] = [contents(before), contents(after)];
  const names = new Set([...old.keys(), ...now.keys()]);
  return [...names].filter((name) => old.get(name) !== now.get(name)).map((name) => `not the same: ${name}`);
}

/** The whole way of one batch. */
export async function playBatch(
  parts: PublishParts,
  tenant: string,
  networks: readonly Generated[],
  { knowledge, at }: { knowledge: Knowledge; at: string },
): Promise<Outcome> {
  const { read, faults } = await readGenerated(networks, knowledge, at);
  faults.push(...(await publishGenerated(parts, tenant, read)), ...(await roundTrip(read, knowledge, at)));
  return {
    networks: networks.length,
    resources: read.reduce((sum, one) => sum + one.resources.length, 0),
    faults,
  };
}
