/** What a person decided about a match outlives rules, records that are created again, and can be taken back (P-42, P-43). */
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadConfig } from '../../src/config.ts';
import { createGateway, type Gateway } from '../../src/gateway.ts';
import { createKnowledge, shippedFolders } from '../../src/gateway/knowledge.ts';
import { createLog } from '../../src/log.ts';
import { root } from '../e2e/passerelle.ts';
import { hold } from '../directory/held.ts';
import { type DirectoryWorld, holdEverybody, openDirectoryWorld } from './directory-world.ts';

const network = 'msp-les-tilleuls';
const tenant = 'essai';
const port = { kind: 'Organization', commune: '83009', name: 'MAISON DE SANTE DES TILLEULS SITE DU PORT' };
const twin = { ...port };

let world: DirectoryWorld;
/** The same deployment under other rules, which would propose anything, or nothing. */
const others: Gateway[] = [];
beforeAll(async () => {
  world = await openDirectoryWorld();
  await holdEverybody(world);
  await world.store.db.deleteFrom('directory_record').where('key', '=', 'F990780249').execute();
  await hold(world.store, 'finess', 0, [
    { ...port, key: 'F990780108' },
    { ...twin, key: 'F990780173' },
  ]);
}, 120_000);
afterAll(async () => {
  for (const other of others) await other.stop();
  await world.close();
});

async function under(version: string, least: number): Promise<Gateway> {
  const shipped = shippedFolders(pathToFileURL(join(root, 'src/main.ts')).href);
  const mappings = join(world.folder, `mappings-${version}`);
  await cp(shipped.mappings, mappings, { recursive: true });
  const file = join(mappings, 'exchange/matching.yaml');
  const text = await readFile(file, 'utf8');
  await writeFile(
    file,
    text.replace(/^version: .*$/m, `version: '${version}'`).replace(/^least: .*$/m, `least: ${least}`),
  );
  const config = loadConfig(join(world.folder, 'passerelle.yaml'), { DATABASE_URL: world.url });
  const knowledge = createKnowledge({ ...shipped, mappings });
  const gateway = await createGateway(config, { log: createLog('silent'), knowledge, version: '0' });
  others.push(gateway);
  return gateway;
}

async function site(gateway: Gateway) {
  const { matches, ruleVersion } = await gateway.operations.directoryMatch({ network });
  const found = matches.find(({ item }) => item.endsWith('|990780249'))!;
  return { ...found, ruleVersion, proposed: found.proposals.map(({ key }) => key) };
}

const decide = (gateway: Gateway, decision: 'accept' | 'refuse' | 'undo', n: number, key: string) =>
  gateway.operations.directoryDecide({ decision, n, key, network });

describe('a decision about a match', () => {
  it('stands under another version of the rules, whatever that would propose, and can be undone there', async () => {
    const { n, proposed } = await site(world.gateway);
    expect(proposed).toEqual(expect.arrayContaining(['F990780108', 'F990780173']));
    await decide(world.gateway, 'refuse', n, 'F990780173');
    await decide(world.gateway, 'accept', n, 'F990780108');

    const [strict, generous] = [await under('2027-01', 99), await under('2027-02', 1)];
    for (const gateway of [strict, generous]) {
      const found = await site(gateway);
      expect(found).toMatchObject({ status: 'accepted', key: 'F990780108', proposals: [] });
      expect(found.ruleVersion).not.toBe('2026-11');
    }
    expect(await world.store.directoryMatch.list(tenant)).toMatchObject([
      { decision: 'refused', ruleVersion: '2026-11' },
      { decision: 'accepted', ruleVersion: '2026-11' },
    ]);

    await decide(generous, 'undo', n, 'F990780108');
    const open = await site(generous);
    expect(open.proposed).toContain('F990780108');
    expect(open.proposed).not.toContain('F990780173'); // refused stays refused
    expect((await site(strict)).status).toBe('unknown');
    const all = await world.store.directoryMatch.list(tenant, { undone: true });
    expect(all).toHaveLength(2);
    expect(all[1]!.undoneAt).toBeInstanceOf(Date);

    await decide(generous, 'undo', n, 'F990780173');
    expect((await site(generous)).proposed).toContain('F990780173');
  }, 120_000);

  it('follows the record to the identifiers that it is created again under, whether accepted or refused (P-2)', async () => {
    const { n } = await site(world.gateway);
    await decide(world.gateway, 'refuse', n, 'F990780173');
    await decide(world.gateway, 'accept', n, 'F990780108');
    const again = [
      { ...port, key: 'F990780108', state: 'closed' },
      { ...port, key: 'F990780199', succeeds: 'F990780108' },
      { ...port, key: 'F990780207', succeeds: 'F990780199' },
      { ...twin, key: 'F990780173', state: 'closed' },
      { ...twin, key: 'F990780181', succeeds: 'F990780173' },
    ];
    await hold(world.store, 'finess', 0, again, 2);
    await hold(
      world.store,
      'finess',
      0,
      [{ ...port, key: 'F990780199', state: 'closed', succeeds: 'F990780108' }],
      3,
    );
    expect(await site(world.gateway)).toMatchObject({ status: 'accepted', key: 'F990780207' });

    await decide(world.gateway, 'undo', n, 'F990780108');
    expect((await site(world.gateway)).proposed).not.toContain('F990780181');
  }, 120_000);
});
