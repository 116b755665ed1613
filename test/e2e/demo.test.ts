/** The demonstration as anybody runs it, and the command line in a second terminal beside it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Summary } from '../../src/demo/summary.ts';
import { isAlive } from '../../src/store/embedded-postmaster.ts';
import { exampleNetworks, passerelle, type Ran, type Running, start, workFolder } from './passerelle.ts';

const minutes = 60_000;
const config = join('.passerelle', 'demo', 'passerelle.yaml');

let place: Awaited<ReturnType<typeof workFolder>>;
let demo: Running;
let told: { verb: string; type: string; id: string; hospital: string; seed: number };

beforeAll(async () => {
  place = await workFolder();
  demo = start(['demo'], { cwd: place.folder });
  const line = /un tiers (\S+) (\w+)\/(\S+) à (\w+) \(graine (\d+)\)/;
  const [, verb, type, id, hospital, seed] = await demo.until(line);
  told = { verb: verb!, type: type!, id: id!, hospital: hospital!, seed: Number(seed) };
  await demo.until(/Ctrl-C/);
}, 2 * minutes);

afterAll(async () => {
  demo.signal('SIGTERM');
  await demo.ended;
  await place.remove();
});

const beside = (...args: string[]) => passerelle([...args, '--config', config], { cwd: place.folder });
const json = (ran: Ran): unknown => JSON.parse(ran.stdout);
const summaryOf = ({ stdout }: Ran) => JSON.parse(stdout.trim().split('\n').at(-1)!) as Summary;

const wholeStory = {
  networks: exampleNetworks,
  secondPlanChanges: 0,
  referral: { status: 'completed' },
  synthesis: { deliveries: 2 },
  drift: { found: 1, repaired: 1, afterRepair: 0 },
};

describe('a running demonstration', () => {
  it('tells the figures read back from the hospitals and where to look', () => {
    expect(demo.printed()).toContain(`${exampleNetworks} réseaux`);
    expect(demo.printed()).toContain('synthèse identique chez 2');
    expect(demo.printed()).toMatch(/curl http:\/\/127\.0\.0\.1:\d+\/fhir\/metadata/);
    expect(demo.printed()).toContain(`--config ${config}`);
  });

  it.each([
    { command: 'referral list', says: /coreso-le-vinatier +terminé/ },
    { command: 'plan', says: /^psychiatrie : \d+ inchangées\nville : \d+ inchangées\n$/ },
    { command: 'reconcile', says: /Aucun écart, tous les envois ont leur accusé\./ },
    { command: 'history', says: /rapprochement +fait/ },
    { command: 'server list', says: /psychiatrie .*http:\/\/127\.0\.0\.1:\d+\/fhir/ },
    { command: 'server check', says: /ville : bon — .*FHIR 4\.0\.1, transactions/ },
    { command: 'schedule list', says: /reconcile +0 2 \* \* \* +Europe\/Paris +prochain / },
    { command: 'doctor', says: /bon +envois — 0 en attente, 0 mis de côté/ },
  ])('answers « $command » in a second terminal, in French and as JSON', async ({ command, says }) => {
    const french = await beside(...command.split(' '));
    expect(french).toMatchObject({ code: 0, stdout: expect.stringMatching(says) });
    expect(french.stderr).toContain('passerelle en service');
    const program = await beside(...command.split(' '), '--json');
    expect(program.code).toBe(0);
    expect(json(program)).toBeInstanceOf(Object);
  });

  it('shows a referral and its synthesis, each in French and as JSON', async () => {
    const [first] = json(await beside('referral', 'list', '--json')) as { id: string }[];
    const shown = await beside('referral', 'show', first!.id);
    expect(shown.stdout).toMatch(/tâche +ville/);
    expect(shown.stdout).toMatch(/\(version [0-9a-f]{16}\) correspondances [0-9a-f]{16} règles [0-9a-f]{16}/);
    expect(shown.stdout).toMatch(/document remis +psychiatrie +accusé : .*DocumentReference/);
    const { timeline } = json(await beside('referral', 'show', first!.id, '--json')) as {
      timeline: { kind: string; detail: { document: string } }[];
    };
    const { document } = timeline.find(({ kind }) => kind === 'document-final')!.detail;
    const receipts = await beside('document', 'show', document);
    expect(receipts.stdout).toMatch(
      /psychiatrie +remis .* relu, identique\n.*ville +remis .* relu, identique/,
    );
    expect(receipts.stdout).toMatch(/document définitif .* correspondances [0-9a-f]{16}/);
    expect(json(await beside('document', 'show', document, '--json'))).toMatchObject({
      id: document,
      timeline: expect.arrayContaining([
        expect.objectContaining({
          kind: 'document-final',
          detail: expect.objectContaining({ mapping: expect.stringMatching(/^[0-9a-f]{16}$/) }),
        }),
      ]),
    });
  });

  it('refuses a second gateway on its folder and says who holds it', async () => {
    const { code, stderr } = await beside('serve');
    expect(code).toBe(1);
    expect(stderr).toContain(`est déjà tenu par une passerelle (processus ${demo.pid},`);
  });

  it(
    'lets a second demonstration tell its story in a folder of its own; its seed draws the same victim',
    async () => {
      const again = await passerelle(['demo', '--once', '--json', '--seed', String(told.seed)], {
        cwd: place.folder,
      });
      expect(again.code).toBe(0);
      const { tampered, ...figures } = summaryOf(again);
      const { verb, ...victim } = told;
      expect(figures).toMatchObject(wholeStory);
      expect(tampered).toEqual({ ...victim, how: verb === 'supprime' ? 'deleted' : 'changed' });
    },
    2 * minutes,
  );

  it('stops at Ctrl-C, with exit 0 and no process left behind', async () => {
    const pidFile = join(place.folder, '.passerelle', 'demo', 'postgres', 'postmaster.pid');
    const postmaster = Number((await readFile(pidFile, 'utf8')).split('\n')[0]);
    expect(isAlive(postmaster)).toBe(true);
    demo.signal('SIGINT');
    expect(await demo.ended).toMatchObject({ code: 0, stderr: '' });
    expect(isAlive(postmaster)).toBe(false);
    await expect(readFile(join(place.folder, '.passerelle', 'demo', 'owner.json'))).rejects.toThrow('ENOENT');
  });
});

describe('a demonstration told once more in the same folder', () => {
  it(
    'exits 0 with the same figures, whichever way was tampered before',
    async () => {
      const seed = told.verb === 'supprime' ? 1 : 6;
      const ran = await passerelle(['--json', 'demo', '--once', '--seed', String(seed)], {
        cwd: place.folder,
      });
      expect(ran).toMatchObject({ code: 0, stderr: '' });
      const summary = summaryOf(ran);
      expect(summary).toMatchObject({
        ...wholeStory,
        tampered: { seed, how: told.verb === 'supprime' ? 'changed' : 'deleted' },
      });
      expect(summary.applied).toBe(2 * summary.resources);
    },
    2 * minutes,
  );
});
