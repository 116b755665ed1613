/** Network files edited one change at a time, by chance, and what servers show of them. */
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parse, stringify } from 'yaml';
import { close } from '../../src/change/close.ts';
import { actualForm } from '../../src/change/links.ts';
import { addressesOf } from '../../src/delivery/addresses.ts';
import { visibleTenants } from '../../src/delivery/shared-tenant.ts';
import { hasErrors } from '../../src/fhir/issue.ts';
import { contentHash } from '../../src/fhir/normal.ts';
import type { AnyResource, Json, JsonObject } from '../../src/fhir/types.ts';
import { createKnowledge, shippedFolders } from '../../src/gateway/knowledge.ts';
import { loadNetworks, readNetworkFiles } from '../../src/gateway/networks.ts';
import type { MappedNetwork } from '../../src/publish/types.ts';
import { tenant, type World } from '../delivery/world.ts';
import type { Random } from '../reliability/random.ts';

const root = join(import.meta.dirname, '../..');
const knowledge = createKnowledge(shippedFolders(pathToFileURL(join(root, 'src/main.ts')).href));
const at = '2026-11-25';

export type Files = { folder: string; load(world: World): Promise<MappedNetwork[]>; remove(): Promise<void> };

/** Copies of example networks, named without `.yaml`, in a folder of their own. */
export async function copyExamples(names: readonly string[]): Promise<Files> {
  const folder = await mkdtemp(join(tmpdir(), 'passerelle-edits-'));
  for (const file of await readdir(join(root, 'examples/networks')))
    if (names.some((name) => file.startsWith(name)))
      await cp(join(root, 'examples/networks', file), join(folder, file));
  return {
    folder,
    load: async ({ store }) => {
      const bases = await store.desired.bases(tenant);
      return (await loadNetworks([join(folder, '*.yaml')], knowledge, at, bases)).networks;
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Makes one change that leaves every file correct; answers what it did. */
export async function editOnce({ folder }: Files, round: number, random: Random): Promise<string> {
  for (;;) {
    const files = (await readdir(folder)).filter((file) => file.endsWith('.yaml')).sort();
    const file = files[random.below(files.length)]!;
    const path = join(folder, file);
    const before = await readFile(path, 'utf8');
    const choice = random.below(10);
    if (choice === 0 && files.length > 2) {
      await rm(path);
      return `${file} leaves`;
    }
    if (choice === 1) {
      const copy = { ...(parse(before) as object), id: `copy-${round}`, name: `Copie ${round}` };
      await writeFile(join(folder, `copy-${round}.yaml`), stringify(copy));
      if (await isCorrect(folder)) return `copy-${round} of ${file} joins`;
      await rm(join(folder, `copy-${round}.yaml`));
      continue;
    }
    const content = parse(before) as JsonObject;
    const told = choice < 5 ? leaveList(content, random) : reword(content, round, random);
    await writeFile(path, stringify(content));
    if (told !== undefined && (await isCorrect(folder))) return `${file}: ${told}`;
    await writeFile(path, before);
  }
}

async function isCorrect(folder: string): Promise<boolean> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.yaml'));
  const read = await readNetworkFiles(
    files.map((file) => join(folder, file)),
    knowledge,
    { at },
  );
  return read.every(({ issues }) => !hasErrors(issues));
}

/** Takes one item out of one list. */
function leaveList(content: JsonObject, random: Random): string | undefined {
  const lists = Object.entries(content).filter(
    (entry): entry is [string, Json[]] => Array.isArray(entry[1]) && entry[1].length > 1,
  );
  if (lists.length === 0) return undefined;
  const [name, list] = lists[random.below(lists.length)]!;
  list.splice(random.below(list.length), 1);
  return `${name} loses one`;
}

/** Gives one thing another name. */
function reword(content: JsonObject, round: number, random: Random): string | undefined {
  const named: JsonObject[] = [];
  const visit = (value: Json): void => {
    if (typeof value !== 'object' || value === null) return;
    if (Array.isArray(value)) return value.forEach(visit);
    if (['nom', 'name', 'titre'].some((field) => typeof value[field] === 'string')) named.push(value);
    for (const [field, child] of Object.entries(value)) if (field !== 'provenance') visit(child);
  };
  visit(content);
  const one = named[random.below(named.length)]!;
  const field = ['nom', 'name', 'titre'].find((name) => typeof one[name] === 'string')!;
  one[field] = `${(one[field] as string).replace(/ \(\d+\)$/, '')} (${round})`;
  return `${field} changes`;
}

/** Everything that was ever deployed at a server, read from it: hash of the normal form, or that it is out of use. */
export async function contentAt(world: World, serverId: string): Promise<Map<string, string>> {
  const server = world.servers.get(serverId)!;
  const rows = (await world.store.references.list(visibleTenants(tenant), serverId)).filter(
    (row) => row.ours,
  );
  const addresses = addressesOf(rows, tenant);
  const read = await server.readMany(rows.map(({ type, localId: id }) => ({ type, id })));
  return new Map(
    rows.map(({ type, key }, index) => {
      const found = read[index]!;
      if (found.state !== 'found') return [`${type} ${key}`, found.state] as const;
      const form = actualForm(found.resource, server.base, (kind, id) => addresses.keyOf(kind, id));
      return [`${type} ${key}`, isOutOfUse(form) ? 'inactive' : contentHash(form)] as const;
    }),
  );
}

/** Closing what is closed changes nothing. */
function isOutOfUse(form: AnyResource): boolean {
  return contentHash(close(form, '9999-12-31')) === contentHash(form);
}

/** Only what is in use, by name. */
export function inUse(content: ReadonlyMap<string, string>): Record<string, string> {
  return Object.fromEntries([...content].filter(([, hash]) => hash !== 'inactive').sort());
}
