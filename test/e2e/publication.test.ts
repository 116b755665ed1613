/** Plan, apply, undo, compare: the command line over a hospital and network files that are edited. */
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { stringify } from 'yaml';
import { caller } from '../../src/demo/http.ts';
import type { NetworkDifference, Plan, RunDetail, RunSummary } from '../../src/operations.ts';
import { type Hospital, startHospital } from '../../src/sandbox/hospital.ts';
import { freshDatabase, type TestDatabase } from '../database.ts';
import { passerelle, type Ran, root, workFolder } from './passerelle.ts';

const limitMs = 120_000;
const file = 'cpts-digne.yaml';

let hospital: Hospital;
let database: TestDatabase;
let place: Awaited<ReturnType<typeof workFolder>>;

beforeAll(async () => {
  hospital = await startHospital({ name: 'ville', ids: 'client' });
  database = await freshDatabase();
  place = await workFolder();
  await cp(join(root, 'examples/networks', file), join(place.folder, file));
  const config = {
    ...{ tenant: 'essai', log: 'silent', networks: ['*.yaml'], brake: { share: 0.5, freely: 3 } },
    servers: [{ id: 'ville', base: hospital.base }],
  };
  await writeFile(join(place.folder, 'config.yml'), stringify(config));
}, limitMs);

afterAll(async () => {
  await hospital.close();
  await database.close();
  await place.remove();
});

const run = (...args: string[]): Promise<Ran> =>
  passerelle(['--config', 'config.yml', ...args], {
    cwd: place.folder,
    env: { DATABASE_URL: database.url },
  });

async function json<T>(...args: string[]): Promise<T> {
  const { stdout, stderr } = await run(...args, '--json');
  if (!stdout) throw new Error(stderr);
  return JSON.parse(stdout) as T;
}

async function edit(from: string | RegExp, to: string): Promise<void> {
  const path = join(place.folder, file);
  const before = await readFile(path, 'utf8');
  const after = before.replace(from, to);
  expect(after).not.toBe(before);
  await writeFile(path, after);
}

describe('publication by the command line', () => {
  it(
    'shows by network what would be created, applies the kept plan, and refuses it a second time',
    async () => {
      const planned = await run('plan', '-o', 'plan.json');
      expect(planned.code).toBe(0);
      expect(planned.stdout).toMatch(
        /^ville : \d+ à créer\n {2}Réseau cpts-digne \(CPTS de Digne-les-Bains\) : /,
      );
      expect(planned.stdout).toMatch(/\+ Organization {2}CPTS de Digne-les-Bains \(cpts-digne\.yaml:\d+\)/);
      const applied = await run('apply', 'plan.json');
      expect(applied).toMatchObject({ code: 0, stderr: '' });
      const again = await run('apply', 'plan.json');
      expect(again.code).toBe(1);
      expect(again.stderr).toContain('Plan refusé');
      expect(again.stderr).toContain('un autre passage y a publié depuis');
    },
    limitMs,
  );

  it(
    'shows a change field by field with its line, tells apart what the hospital changed, and undoes it',
    async () => {
      await edit('Développer la prévention', 'Dépister');
      const line = (await readFile(join(place.folder, file), 'utf8'))
        .split('\n')
        .findIndex((text) => text.includes('Dépister'));
      const changed = await run('plan');
      expect(changed.stdout).toContain(
        `name : Développer la prévention → Dépister  (cpts-digne.yaml:${line + 1})`,
      );
      expect((await run('apply')).code).toBe(0);

      const somebody = caller(hospital.base);
      const service = (await somebody.all('HealthcareService')).find((one) => one['name'] === 'Dépister')!;
      const { etag } = await somebody.get(`HealthcareService/${service.id}`);
      await somebody.put(`HealthcareService/${service.id}`, { ...service, comment: 'par un tiers' }, etag);
      const plan = await json<Plan>('plan', '--refresh');
      expect(plan.servers[0]!.changes).toEqual([]);
      expect(plan.servers[0]!.drift).toMatchObject([
        {
          ...{ type: 'HealthcareService', kind: 'changed', network: 'cpts-digne', ours: [], conflicts: [] },
          theirs: [{ path: 'comment', after: 'par un tiers' }],
        },
      ]);
      const shown = await run('plan', '--refresh');
      expect(shown.stdout).toContain('par l’hôpital : comment : ∅ → par un tiers');
      expect((await run('reconcile', '--repair')).code).toBe(0);

      const [, last] = await json<RunSummary[]>('history');
      const detail = await json<RunDetail>('history', last!.id);
      expect(detail.changes).toMatchObject([
        {
          op: 'update',
          network: 'cpts-digne',
          fields: [{ before: 'Développer la prévention', after: 'Dépister' }],
        },
      ]);
      const preview = await run('rollback', last!.id.slice(0, 8), '--plan');
      expect(preview.stdout).toContain('Dépister → Développer la prévention');
      const back = await run('rollback', last!.id);
      expect(back).toMatchObject({ code: 0, stderr: '' });
      expect(back.stdout).toContain('Réseau cpts-digne maintenu dans son état d’avant le passage');
      const [, says] = back.stdout.split('Son fichier dit autrement :');
      expect(says).toContain('name : Développer la prévention → Dépister');
      expect(says).not.toContain('à clore');
      const held = await run('plan');
      expect(held.stdout).toContain('Son fichier dit autrement :');
      expect((await run('apply')).stdout).toContain('ville : 0 écrite(s)');
      expect((await run('apply', '--release', 'plan.json')).stderr).toContain('Réseau inconnu, ni maintenu');
      expect((await run('apply', '--release', 'cpts-digne')).stdout).toContain('ville : 1 écrite(s)');
    },
    2 * limitMs,
  );

  it(
    'compares two published versions, and says which there are when one is asked that is not',
    async () => {
      const found = await json<{ differences: NetworkDifference[] }>(
        ...['network', 'diff', 'cpts-digne@1', 'cpts-digne@dernier'],
      );
      expect(found.differences).toMatchObject([
        { kind: 'changed', path: ['missions', 'prevention', 'nom'], from: 'Développer la prévention' },
      ]);
      const unknown = await run('network', 'diff', 'cpts-digne@1', 'cpts-digne@9');
      expect(unknown).toMatchObject({ code: 1, stdout: '' });
      expect(unknown.stderr).toContain('Versions publiées : 1, 2.');
    },
    limitMs,
  );

  it(
    'brakes as the configuration says and refuses what is no plan, no run, no network',
    async () => {
      await edit('kind: cpts', '# kind\nkind: cpts');
      await edit('name: CPTS de Digne-les-Bains', 'name: CPTS renommée');
      await writeFile(join(place.folder, 'other.json'), '{"passerelle":"plan"}');
      const refused = await run('apply', 'other.json');
      expect(refused).toMatchObject({ code: 1, stdout: '' });
      expect(refused.stderr).toContain('n’est pas un plan gardé');
      const cut = { passerelle: 'plan', args: {}, plan: { id: 'x', ground: { servers: { ville: null } } } };
      await writeFile(join(place.folder, 'other.json'), JSON.stringify(cut));
      expect((await run('apply', 'other.json')).stderr).toContain('Le plan attendu est incomplet');
      expect((await run('rollback', 'ffffffff')).stderr).toContain('Passage inconnu');
      expect((await run('history', 'ffffffff')).code).toBe(1);
      expect((await run('apply', '--resume', 'ffffffff')).code).toBe(1);
      await writeFile(
        join(place.folder, file),
        (await readFile(join(place.folder, file), 'utf8')).replace('id: cpts-digne', 'id: cpts-autre'),
      );
      const braked = await run('apply');
      expect(braked.code).toBe(1);
      expect(braked.stderr).toContain('plus que les 50 % permis');
      expect((await run('apply', '--confirm')).code).toBe(0);
    },
    2 * limitMs,
  );

  it(
    'rolls back though a file cannot be read, and publishes it again once it is mended',
    async () => {
      const path = join(place.folder, file);
      const good = await readFile(path, 'utf8');
      const [last] = await json<RunSummary[]>('history', '--limit', '1');
      await writeFile(path, `${good}\nfaute: [`);
      expect((await run('apply')).code).toBe(1);
      const back = await run('rollback', last!.id, '--confirm');
      expect(back.code).toBe(0);
      expect(back.stdout).toContain('Le retour se fonde sur ce qui a été publié en dernier.');
      const names = async () =>
        (await caller(hospital.base).all('Organization'))
          .filter((one) => one['active'] !== false)
          .map((one) => one['name']);
      expect(await names()).toContain('CPTS de Digne-les-Bains');
      await writeFile(path, good.replace('CPTS renommée', 'CPTS réparée'));
      expect((await run('apply', '--confirm')).code).toBe(0);
      expect(await names()).toContain('CPTS réparée');
    },
    2 * limitMs,
  );
});
