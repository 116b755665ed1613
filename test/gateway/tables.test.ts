/** A table of networks on its way to publication: each row a network of its own, faults where they are. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { formatIssue } from '../../src/fhir/issue.ts';
import { createKnowledge, shippedFolders } from '../../src/gateway/knowledge.ts';
import { bundleOfNetworks, loadNetworks, readNetworkFiles } from '../../src/gateway/networks.ts';

const at = '2026-11-22';
const knowledge = createKnowledge(shippedFolders(pathToFileURL('src/main.ts').href));
const table = join('examples', 'tables', 'cso-filieres.yaml');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'passerelle-tables-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A copy of the example with one text replaced in its list of filières. */
async function copyWith(before: string, after: string): Promise<string> {
  await cp(join('examples', 'tables'), folder, { recursive: true });
  const list = join(folder, 'cso-filieres.csv');
  const text = await readFile(list, 'utf8');
  expect(text).toContain(before);
  await writeFile(list, text.replace(before, after));
  return join(folder, 'cso-filieres.yaml');
}

it('each row becomes a network with resources of its own, no key shared but those of a directory', async () => {
  const { networks, issues } = await loadNetworks([table], knowledge, at);
  expect(issues).toEqual([]);
  expect(networks).toHaveLength(37);
  const owned = networks.flatMap(({ resources }) => resources.filter((one) => one.class === 'owned'));
  expect(new Set(owned.map(({ type, key }) => `${type} ${key}`)).size).toBe(owned.length);
  for (const { id, source, resources } of networks) {
    expect(source).toContain(`id: ${id}\n`);
    expect(resources.length).toBeGreaterThan(10);
  }
});

it('the same file read twice gives the same content under the same hash', async () => {
  const [first, second] = await Promise.all([1, 2].map(() => readNetworkFiles([table], knowledge, { at })));
  expect(second!.map(({ network }) => network!.hash)).toEqual(first!.map(({ network }) => network!.hash));
  expect(bundleOfNetworks(second!)).toEqual(bundleOfNetworks(first!));
});

it('a fault in one row is told at its cell and keeps that network back, not the others', async () => {
  const file = await copyWith('porteur-1,Hôpital porteur inventé 7,', 'Porteur 1,Hôpital porteur inventé 7,');
  const read = await readNetworkFiles([file], knowledge, { at });
  expect(read.filter(({ resources }) => resources.length === 0).map(({ network }) => network!.id)).toEqual([
    'cso-invente-07',
  ]);
  const faults = read.flatMap(({ issues }) => issues).map((issue) => formatIssue(issue).replace(folder, ''));
  expect(faults).toEqual([
    expect.stringMatching(/^\/cso-filieres\.csv:8:\d+ error « Porteur 1 » ne convient pas\./),
  ]);
  await expect(loadNetworks([file], knowledge, at)).rejects.toMatchObject({
    category: 'invalid',
    side: 'sender',
  });
});

it('a filière taken out leaves a hole in a region that the table says to cover', async () => {
  const file = await copyWith(
    /cso-invente-37,.*\n/.exec(await readFile('examples/tables/cso-filieres.csv', 'utf8'))![0],
    '',
  );
  const partners = join(folder, 'cso-partenaires.csv');
  await writeFile(partners, (await readFile(partners, 'utf8')).replaceAll(/cso-invente-37,.*\n/g, ''));
  const read = await readNetworkFiles([file], knowledge, { at });
  expect(read).toHaveLength(36);
  expect(read.flatMap(({ issues }) => issues).map(({ message }) => message)).toEqual([
    "La région Corse est annoncée comme couverte, mais aucune filière n'y couvre Corse-du-Sud (2A), Haute-Corse (2B).",
  ]);
});
