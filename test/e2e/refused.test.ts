/** What a person, a configuration or a database gets wrong, as the command line tells it: French, the place, an exit code. */
import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { freshDatabase, type TestDatabase } from '../database.ts';
import { passerelle, type Ran, root, workFolder } from './passerelle.ts';

let database: TestDatabase;
let place: Awaited<ReturnType<typeof workFolder>>;

beforeAll(async () => {
  database = await freshDatabase();
  place = await workFolder();
  await writeFile(join(place.folder, 'passerelle.yaml'), 'tenant: essai\nhttp: { port: 0 }\nlog: silent\n');
});

afterAll(async () => {
  await database.close();
  await place.remove();
});

const run = (args: string[], env: Record<string, string> = {}): Promise<Ran> =>
  passerelle(args, { cwd: place.folder, env });

describe('a command line that is wrong', () => {
  it.each([
    [['frobnicate'], 'Commande inconnue : « frobnicate ».'],
    [['pln'], 'Vouliez-vous dire « plan » ?'],
    [['plan', '--colour'], 'Option inconnue : « --colour ».'],
    [['check'], 'Il manque l’argument « fichiers ».'],
    [['plan', '--at', '2026-02-30'], '« --at <date> » : un jour du calendrier est attendu, AAAA-MM-JJ.'],
    [['history', '--limit', '0'], '« --limit <n> » : un nombre entier de 1 à 1000 est attendu.'],
    [['demo', '--seed', '-1', '--once'], '« --seed <n> » : un nombre entier à partir de 0 est attendu.'],
    [['referral', 'send', '--client', 'x'], 'Il manque l’option « --file <fichier> ».'],
    [['plan', '--server'], 'L’option « --server <id> » attend une valeur.'],
  ])('%j: %s; exit 2', async (args, message) => {
    const { code, stderr, stdout } = await run(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
  });

  it.each(['plan', 'referral', 'referral show', 'demo'])('%s --help is French; exit 0', async (command) => {
    const { code, stdout } = await run([...command.split(' '), '--help']);
    expect(code).toBe(0);
    expect(stdout).toContain(`Usage : passerelle ${command}`);
    expect(stdout).not.toMatch(/Usage:|Options:|Commands:|Arguments:|\[command\]|default/);
  });

  it.each([
    [
      ['referral', 'send', '--file', 'absent.json', '--client', 'x'],
      'Fichier introuvable ou illisible : absent.json',
    ],
    [['validate', 'passerelle.yaml'], 'passerelle.yaml n’est pas du JSON'],
    [['check', 'absent.yaml'], 'absent.yaml:1:1 faute'],
    [['plan', '--config', 'absent.yaml'], 'Configuration introuvable ou illisible : absent.yaml'],
  ])('%j names the file; exit 1', async (args, message) => {
    const { code, stdout, stderr } = await run(args);
    expect(code).toBe(1);
    expect(stdout + stderr).toContain(message);
  });
});

describe('a configuration that is wrong', () => {
  it('is told with all its faults at once, each with line and column; exit 1', async () => {
    const text = 'tenant: essai\nport: 80\nservers:\n  - id: H1\n    base: ftp://hopital\n';
    await writeFile(join(place.folder, 'passerelle-fausse.yaml'), text);
    const served = await run(['serve', '--config', 'passerelle-fausse.yaml']);
    const checked = await run(['check', 'passerelle-fausse.yaml']);
    for (const { code, stdout, stderr } of [served, checked]) {
      expect(code).toBe(1);
      for (const at of ['2:1', '4:5', '5:5']) {
        expect(stdout + stderr).toContain(`passerelle-fausse.yaml:${at} faute « `.replace(/« $/, ''));
      }
    }
  });
});

describe('a schedule that is wrong', () => {
  it.each([
    ['{ job: folow, cron: "0 2 * * *" }', 'Travail planifié « folow » inconnu ; travaux possibles : publish'],
    ['{ job: follow, cron: "0 25 * * *" }', 'Horaire « 0 25 * * * » refusé (hour)'],
  ])('%s is told by check, before any gateway starts; exit 1', async (entry, message) => {
    await writeFile(
      join(place.folder, 'passerelle-jobs.yaml'),
      `tenant: essai\nservers: []\nschedules: [${entry}]\n`,
    );
    const { code, stdout } = await run(['check', 'passerelle-jobs.yaml']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: expect.stringContaining(message) });
  });
});

describe('a network file that is wrong', () => {
  it.each(['unknown-field', 'period-reversed', 'not-utf8', 'aliases', 'prototype-key'])(
    '%s: check gives file, line and column; exit 1',
    async (name) => {
      const file = join(root, 'test/fixtures/networks/refused', `${name}.yaml`);
      const { code, stdout } = await run(['check', file]);
      expect(code).toBe(1);
      expect(stdout).toMatch(new RegExp(`${name}\\.yaml:\\d+:\\d+ faute .*\\n`));
    },
  );
});

describe('a database that refuses', () => {
  const secret = 'secret-that-nobody-may-see';
  const told = ({ stdout, stderr }: Ran) => stdout + stderr;

  it('is told when it does not answer; exit 3', async () => {
    const url = `postgresql://passerelle:${secret}@127.0.0.1:1/passerelle`;
    const ran = await run(['serve'], { DATABASE_URL: url });
    expect(ran.code).toBe(3);
    expect(told(ran)).toContain('La base de données ne répond pas à son adresse (connexion refusée).');
    expect(told(ran)).not.toContain(secret);
  });

  it('is told when the password is wrong, which is printed nowhere; exit 1', async () => {
    const url = new URL(database.url);
    url.password = secret;
    const ran = await run(['db', 'migrate'], { DATABASE_URL: url.href });
    expect(ran.code).toBe(1);
    expect(told(ran)).toContain('refuse le mot de passe');
    expect(told(ran)).not.toContain(secret);
  });

  it('is told when the account may only read; exit 1', async () => {
    const admin = new pg.Client({ connectionString: database.url });
    await admin.connect();
    const role = `lecteur_${String(process.pid)}`;
    await admin.query(`create role ${role} login password '${secret}'`);
    await admin.query(`grant usage on schema public to ${role}`);
    await admin.query(`grant select on all tables in schema public to ${role}`);
    const url = new URL(database.url);
    url.username = role;
    url.password = secret;
    const ran = await run(['serve'], { DATABASE_URL: url.href });
    await admin.query(`drop owned by ${role}`);
    await admin.query(`drop role ${role}`);
    await admin.end();
    expect(ran.code).toBe(1);
    expect(told(ran)).toContain('Le compte de la passerelle n’a pas les droits sur la base de données.');
  });
});

describe('a port that is taken', () => {
  let holder: Server;
  beforeAll(async () => {
    holder = createServer();
    await new Promise<void>((listening) => holder.listen(0, '127.0.0.1', listening));
  });
  afterAll(() => void holder.close());

  it('is named; exit 1, and nothing is left running', async () => {
    const { port } = holder.address() as AddressInfo;
    await writeFile(
      join(place.folder, 'prise.yaml'),
      `tenant: essai\nhttp: { port: ${port} }\nlog: silent\n`,
    );
    const { code, stderr } = await run(['serve', '--config', 'prise.yaml'], { DATABASE_URL: database.url });
    expect(code).toBe(1);
    expect(stderr).toContain(`le port ${port} est déjà pris`);
  });
});
