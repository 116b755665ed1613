/** What the commands that read a network do with a table of networks, and beside a configuration. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { loadFrance } from '../../src/config-france.ts';
import { formatIssue } from '../../src/fhir/issue.ts';
import type { GatewayError } from '../../src/fhir/error.ts';
import { exportedList } from '../../src/gateway/export.ts';
import { createKnowledge, shippedFolders } from '../../src/gateway/knowledge.ts';
import { diffNetworks } from '../../src/gateway/network-diff.ts';
import { chooseNetworks } from '../../src/network/choose-network.ts';
import { passerelle, root } from '../e2e/passerelle.ts';

const knowledge = createKnowledge(shippedFolders(pathToFileURL('src/main.ts').href));
const list = 'etablissements';
let folder: string;
let table: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'passerelle-commands-'));
  await cp(join('examples', 'tables'), folder, { recursive: true });
  table = join(folder, 'cso-filieres.yaml');
});
afterEach(() => rm(folder, { recursive: true }));

describe('a table of networks', () => {
  it('is exported as one list whose rows name their network, or one network at a time', async () => {
    const all = await exportedList(table, { list }, knowledge);
    expect(all.columns.slice(0, 4)).toEqual(['dans_reseau', 'id', 'nom', 'finess']);
    expect(new Set(all.rows.map(([id]) => id)).size).toBe(37);
    const one = await exportedList(table, { list, network: 'cso-invente-07' }, knowledge);
    expect(one.columns.slice(0, 3)).toEqual(['id', 'nom', 'finess']);
    const own = all.rows.filter(([id]) => id === 'cso-invente-07').map(([, ...cells]) => cells);
    expect(one.rows).toEqual(own);
    const days = [...all.days].map((column) => all.columns[column]);
    expect([...one.days].map((column) => one.columns[column])).toEqual(days);
    await expect(exportedList(table, { network: 'cso-invente-7' }, knowledge)).rejects.toMatchObject({
      ...{ category: 'not-found', side: 'sender' },
      message: `${table} ne décrit pas le réseau « cso-invente-7 ». Vouliez-vous dire « cso-invente-07 » ?`,
    });
  });

  it('is compared network by network', async () => {
    const lines = (await readFile(join(folder, 'cso-filieres.csv'), 'utf8')).split('\n');
    const id = lines.splice(3, 1)[0]!.split(',', 1)[0]!;
    lines[1] = lines[1]!.replace('Hôpital porteur inventé', 'Hôpital renommé');
    const partners = (await readFile(join(folder, 'cso-partenaires.csv'), 'utf8')).split('\n');
    const text = (await readFile(table, 'utf8'))
      .replace('cso-filieres.csv', 'apres.csv')
      .replace('cso-partenaires.csv', 'apres-partenaires.csv');
    const after = join(folder, 'apres.yaml');
    await writeFile(after, text);
    await writeFile(join(folder, 'apres.csv'), lines.join('\n'));
    const left = partners.filter((line) => !line.includes(id)).join('\n');
    await writeFile(join(folder, 'apres-partenaires.csv'), left);
    const { differences, issues } = await diffNetworks({ file: table }, { file: after }, knowledge);
    expect(issues).toEqual([]);
    expect(differences).toMatchObject([
      { kind: 'changed', path: ['cso-invente-01', list, 'porteur-1', 'nom'], to: 'Hôpital renommé 1' },
      { kind: 'left', path: [id], before: `${join(folder, 'cso-filieres.csv')}:4` },
    ]);
    expect((await diffNetworks({ file: table }, { file: table }, knowledge)).differences).toEqual([]);
  });

  it('is not drawn as the first of many in silence', () => {
    const many = Array.from({ length: 12 }, (_, index) => ({ id: `n-${index}` }));
    expect(chooseNetworks('t.yaml', many, 'n-3', { one: true })).toEqual([{ id: 'n-3' }]);
    expect(() => chooseNetworks('t.yaml', many, undefined, { one: true })).toThrow(
      /^t\.yaml décrit 12 réseaux : choisissez par --network \(n-0, .*, …\)\.$/,
    );
    expect(() => chooseNetworks('t.yaml', [], undefined, { one: true })).toThrow('t.yaml : aucun réseau.');
  });
});

describe('the French choices of a configuration', () => {
  const write = async (text: string): Promise<string> => {
    await writeFile(join(folder, 'passerelle.yaml'), text);
    return join(folder, 'passerelle.yaml');
  };
  const absent = (): string => join(folder, 'absent.yaml');

  it('are taken from the file that is named or stands here, whatever else it says', async () => {
    expect(loadFrance(undefined, absent())).toBeUndefined();
    expect(() => loadFrance(absent(), absent())).toThrow('introuvable');
    const file = await write('france: { frCore: 2.1 }\nclients: [{ password: "${env:RIEN}" }]\n');
    const chosen = { categories: 'R66', frCore: '2.1', claim: false };
    expect(loadFrance(undefined, file)).toEqual(chosen);
    expect(loadFrance(file, absent())).toEqual(chosen);
    expect(loadFrance(await write('tenant: x\n'), absent())).toEqual({ ...chosen, frCore: '2.2' });
  });

  it('are refused with their line when they are wrong', async () => {
    const file = await write('tenant: x\nfrance: { categories: R67, claims: true }\n');
    let thrown: GatewayError | undefined;
    try {
      loadFrance(file, absent());
    } catch (error) {
      thrown = error as GatewayError;
    }
    expect(thrown!.issues.map((issue) => formatIssue(issue).replace(folder, ''))).toEqual([
      '/passerelle.yaml:2:28 error Champ inconnu : « claims ». Vouliez-vous dire « claim » ?',
      '/passerelle.yaml:2:11 error Valeur inconnue : « R67 ». Vouliez-vous dire « R66 » ?',
    ]);
  });

  it('count for map', async () => {
    await write('france: { claim: true }\n');
    const example = join(root, 'examples', 'networks', 'cpts-digne.yaml');
    const { stdout, code } = await passerelle(['map', example], { cwd: folder });
    expect(code).toBe(0);
    expect(stdout).toContain('fr-core-organization|2.2.0');
  }, 120_000);
});
