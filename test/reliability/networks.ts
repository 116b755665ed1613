/** Network files edited as coordinators would, by chance, and what hospitals must show afterwards. */
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { close } from '../../src/change/close.ts';
import { hasErrors } from '../../src/fhir/issue.ts';
import type { AnyResource } from '../../src/fhir/types.ts';
import type { Knowledge } from '../../src/gateway/knowledge.ts';
import { readNetworkFiles } from '../../src/gateway/networks.ts';
import type { Random } from './random.ts';

/** What must be at a hospital, by `Type key`. */
export type Expected = Map<string, AnyResource>;

/** Elements whose words a coordinator may change freely. */
const wordy = new Set(['nom', 'description', 'titre', 'name']);

/**
 * One round of edits: new words in some networks, a network that is new, perhaps one that leaves. At least one
 * resource differs afterwards.
 */
export async function editNetworks(folder: string, round: number, random: Random): Promise<void> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.yaml')).sort();
  const copies = files.filter((file) => file.startsWith('copy-'));
  const sure = random.below(files.length);
  for (const [index, file] of files.entries()) {
    if (index !== sure && random.chance(0.4)) continue;
    const content: unknown = parse(await readFile(join(folder, file), 'utf8'));
    await writeFile(join(folder, file), stringify(reworded(content, round, random)));
  }
  if (copies.length > 2 || (copies.length > 0 && random.chance(0.5)))
    await rm(join(folder, copies[random.below(copies.length)]!));
  const model = parse(await readFile(join(folder, 'cpts-digne.yaml'), 'utf8')) as object;
  const copy = { ...model, id: `cpts-copy-${round}`, name: `CPTS du tour ${round}` };
  await writeFile(join(folder, `copy-${round}.yaml`), stringify(copy));
}

function reworded(value: unknown, round: number, random: Random): unknown {
  if (Array.isArray(value)) return value.map((item) => reworded(item, round, random));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, child]) => {
      if (name === 'provenance' || name === 'professionnels') return [name, child];
      if (wordy.has(name) && typeof child === 'string')
        return [name, random.chance(0.7) ? `${child.replace(/ \(tour \d+\)$/, '')} (tour ${round})` : child];
      return [name, reworded(child, round, random)];
    }),
  );
}

/**
 * What the files mean, mapped here and not asked of the gateway; what was expected before and is wanted no more is
 * expected in its closed form.
 */
export async function expectedOf(folder: string, knowledge: Knowledge, before: Expected): Promise<Expected> {
  const today = new Date().toISOString().slice(0, 10);
  const files = (await readdir(folder)).filter((file) => file.endsWith('.yaml'));
  const read = await readNetworkFiles(
    files.map((file) => join(folder, file)),
    knowledge,
    { at: today },
  );
  const wrong = read.find(({ issues }) => hasErrors(issues));
  if (wrong) throw new Error(`an edit made ${wrong.file} wrong: ${JSON.stringify(wrong.issues.slice(0, 3))}`);
  const expected: Expected = new Map();
  const byId = [...read].sort((a, b) => (a.network!.id < b.network!.id ? 1 : -1)); // the first id wins: it comes last
  for (const { resources } of byId)
    for (const { type, key, body } of resources) expected.set(`${type} ${key}`, body);
  for (const [name, body] of before) if (!expected.has(name)) expected.set(name, close(body, today)!);
  return expected;
}
