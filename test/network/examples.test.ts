import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { checkTogether } from '../../src/network/check-together.ts';
import type { Network } from '../../src/network/network.ts';
import { readNetwork } from '../../src/network/read.ts';
import { exampleFiles, issuesOf, kindsOfTheProject } from './project.ts';
import type { Kinds } from './project.ts';

describe('the example networks', () => {
  let kinds: Kinds;
  beforeAll(async () => {
    kinds = await kindsOfTheProject();
  });

  it.each(exampleFiles)('%s is clean', async (file) => {
    expect(await issuesOf(file, kinds)).toEqual([]);
  });

  it.each(exampleFiles)(
    '%s is named after its kind and names the schema of its kind for editors',
    async (file) => {
      const network = await read(file);
      expect(basename(file).startsWith(`${network.kind}-`)).toBe(true);
      expect(network.text.split('\n')[0]).toBe(
        `# yaml-language-server: $schema=../../mappings/${network.kind}/schema.json`,
      );
    },
  );

  it('hold the seed networks and have different ids', async () => {
    const networks = await Promise.all(exampleFiles.map(read));
    const seeds = [
      'coreso-le-vinatier',
      'cpts-bandol',
      'cpts-digne',
      'cpts-manosque',
      'cpts-sollies',
      'cso-idf-ouest',
      'ess-endocrinologie-var',
    ];
    expect(networks.map(({ id }) => id)).toEqual(expect.arrayContaining(seeds));
    expect(checkTogether(networks)).toEqual([]);
  });

  it('say where they come from, what is invented, and that their numbers are synthetic', async () => {
    for (const file of exampleFiles) {
      const { data, text } = await read(file);
      const provenance = data['provenance'] as { invente: string[]; identifiants_synthetiques?: boolean };
      expect(provenance.invente.length).toBeGreaterThan(0);
      const numbers = text.match(/(finess|siren|rpps): *'[0-9]+'/g) ?? [];
      expect(provenance.identifiants_synthetiques === true).toBe(numbers.length > 0);
      for (const number of numbers) expect(number).toMatch(/'(99[0-9]{7}|109[0-9]{8})'/);
    }
  });

  it('have only synthetic numbers in their lists', async () => {
    const list = await readFile('examples/networks/cso-idf-ouest-partners.csv', 'utf8');
    const rows = list.trim().split('\n').slice(1);
    expect(rows.length).toBeGreaterThan(0);
    for (const row of rows) expect(row).toMatch(/,99[0-9]{7},.*inventé.*numéro synthétique/);
  });

  it('are at different stages for the four CPTS', async () => {
    const communities = (await Promise.all(exampleFiles.map(read))).filter(({ kind }) => kind === 'cpts');
    const stages = communities.map(({ data }) => (data['etapes'] as { etape: string }[]).at(-1)?.etape);
    expect(new Set(stages).size).toBe(4);
  });
});

async function read(file: string): Promise<Network> {
  const { network } = await readNetwork(file);
  if (!network) throw new Error(`${file} cannot be read`);
  return network;
}
