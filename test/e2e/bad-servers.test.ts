/** Hospitals that fail in every way, at the command line: whose fault it is, what happens next, and the others go on. */
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { stringify } from 'yaml';
import type { ApplyResult } from '../../src/operations.ts';
import type { Fault } from '../../src/sandbox/fault.ts';
import { type Hospital, startHospital } from '../../src/sandbox/hospital.ts';
import { freshDatabase, type TestDatabase } from '../database.ts';
import { passerelle, type Ran, root, workFolder } from './passerelle.ts';

const answer = (status: number, body: string, headers: Record<string, string>): Fault => ({
  kind: 'answer',
  ...{ status, body, headers },
});
const html = { 'content-type': 'text/html' };
const page = '<!doctype html><title>Maintenance</title>';
const other = JSON.stringify({ resourceType: 'Patient' });

const faults: Record<string, Fault | undefined> = {
  bon: undefined,
  html: answer(200, page, html),
  refus: answer(401, page, html),
  presse: answer(429, '', { 'retry-after': '1' }),
  panne: answer(500, page, html),
  tronque: { kind: 'truncate', how: 'short' },
  autre: answer(200, other, { 'content-type': 'application/fhir+json' }),
};

let database: TestDatabase;
let place: Awaited<ReturnType<typeof workFolder>>;
const hospitals: Hospital[] = [];

beforeAll(async () => {
  database = await freshDatabase();
  place = await workFolder();
  for (const [name, fault] of Object.entries(faults)) {
    const hospital = await startHospital({ name, ids: 'client' });
    if (fault) hospital.setFaults(() => fault);
    hospitals.push(hospital);
  }
  const pem = (what: string) => readFileSync(join(root, `test/fixtures/tls/self-signed.${what}.pem`), 'utf8');
  const tls = { key: pem('key'), cert: pem('cert') };
  hospitals.push(await startHospital({ name: 'autosigne', ids: 'client', tls }));
  const absent = await startHospital({ name: 'absent', ids: 'client' });
  await absent.close();
  const servers = [...hospitals, absent].map(({ name, base }) => ({
    ...{ id: name, base },
    timeouts: { connectMs: 500, answerMs: 1000, totalMs: 2000 },
  }));
  const networks = [join(root, 'examples/networks/ess-*.yaml')];
  const config = stringify({ tenant: 'essai', networks, servers, log: 'silent' });
  await writeFile(join(place.folder, 'passerelle.yaml'), config);
});

afterAll(async () => {
  await Promise.all(hospitals.map((one) => one.close()));
  await database.close();
  await place.remove();
});

const run = (...args: string[]): Promise<Ran> =>
  passerelle(args, { cwd: place.folder, env: { DATABASE_URL: database.url } });

describe('hospitals that fail', () => {
  const retried = 'Côté hôpital ; rien à relancer, la passerelle réessaie d’elle-même.';
  const theirs = 'Côté hôpital ; rien n’y sera écrit tant que ce n’est pas corrigé.';
  const ours = 'Côté passerelle (sa configuration) ; rien n’y sera écrit tant que ce n’est pas corrigé.';
  const said: Record<string, [string, string]> = {
    html: ['la réponse est illisible (page web d’un intermédiaire', retried],
    refus: ['nos identifiants sont refusés (HTTP 401)', ours],
    presse: ['trop de requêtes (HTTP 429)', retried],
    panne: ['erreur interne du serveur ou d’un intermédiaire (HTTP 500)', retried],
    tronque: ['la connexion a été rompue', retried],
    autre: ['« /metadata » ne rend pas de CapabilityStatement ; à corriger par l’hôpital', theirs],
    autosigne: [
      'son certificat est auto-signé ; à corriger par l’hôpital, ou à déclarer dans « caFile »',
      retried,
    ],
    absent: ['la connexion est refusée ; à rétablir par l’hôpital, ou « base » est fausse', retried],
  };

  it('are each told with whose fault it is and what happens next; server check exits 3', async () => {
    const { code, stdout } = await run('server', 'check');
    expect(code).toBe(3);
    expect(stdout).toContain('bon : bon — ');
    for (const [id, [what, next]] of Object.entries(said)) {
      expect(stdout).toMatch(new RegExp(`^${id} : échec — .*\\n.*$`, 'm'));
      const [, message, hint] = new RegExp(`^${id} : échec — (.*)\\n +(.*)$`, 'm').exec(stdout)!;
      expect(message).toContain(`« ${id} » : ${what}`);
      expect(hint).toBe(next);
    }
  });

  it('do not hold up the others, are not waited for, and apply says what waits for what; exit 3', async () => {
    const applied = await run('apply', '--json');
    const { servers } = JSON.parse(applied.stdout) as ApplyResult;
    const of = (id: string) => servers.find(({ server }) => server === id)!;
    expect(applied.code).toBe(3);
    expect(of('bon')).toMatchObject({ parked: 0, waiting: 0 });
    expect(of('bon').written).toBeGreaterThan(10);
    for (const id of ['html', 'presse', 'panne', 'tronque', 'autosigne', 'absent']) {
      expect(of(id)).toMatchObject({ written: 0, parked: 0 });
      expect(of(id).waiting).toBeGreaterThan(0);
    }
    for (const id of ['refus', 'autre']) expect(of(id)).toMatchObject({ written: 0, waiting: 0 });
    const french = await run('apply', '--server', 'absent');
    expect(french.code).toBe(3);
    expect(french.stdout).toMatch(
      /absent : 0 écrite\(s\)\n +\d+ en attente : la passerelle en service les renvoie/,
    );
  }, 120_000);

  it('leave doctor with what waits and what was set aside; exit 1', async () => {
    const { code, stdout } = await run('doctor');
    expect(code).toBe(1);
    expect(stdout).toMatch(/échec +envois — \d+ en attente, 2 mis de côté/);
  });
});
