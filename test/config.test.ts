import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import schema from '../schemas/passerelle.schema.json' with { type: 'json' };
import { formatIssue } from '../src/fhir/issue.ts';
import { loadConfig, readConfig } from '../src/config.ts';

const minimal = 'tenant: demo\n';

function faults(text: string, environment = {}): string[] {
  return readConfig(text, 'passerelle.yaml', environment).issues.map(formatIssue);
}

describe('configuration', () => {
  it('refuses YAML aliases at their place: they are how a small file becomes a huge one', () => {
    const text = 'tenant: t\nnetworks: &a [x.yaml]\nclients: *a\n';
    expect(faults(text)).toEqual([
      'passerelle.yaml:3:10 error Les renvois YAML (& et *) ne sont pas acceptés : répétez la valeur.',
    ]);
  });

  it('fills in everything that has a default', () => {
    const { config, issues } = readConfig(minimal, 'passerelle.yaml', {});
    expect(issues).toEqual([]);
    expect(config).toMatchObject({
      tenant: 'demo',
      http: { host: '127.0.0.1', port: 8470 },
      servers: [],
      limits: { jsonDepth: 64 },
      log: 'info',
    });
  });

  it('writes for FR Core 2.2 and TRE_R66 without naming French profiles, unless told otherwise', () => {
    const france = (text: string): unknown => readConfig(`${minimal}${text}`, 'c.yaml', {}).config?.france;
    expect(france('')).toEqual({ categories: 'R66', frCore: '2.2', claim: false });
    expect(france('france: { claim: true }\n')).toEqual({ categories: 'R66', frCore: '2.2', claim: true });
    const other = { categories: 'R397', frCore: '2.1', claim: false };
    expect(france('france: { categories: R397, frCore: 2.1 }\n')).toEqual(other);
    expect(france("france: { categories: R397, frCore: '2.1' }\n")).toEqual(other);
    expect(faults(`${minimal}france: { categories: R67, frCore: 3 }\n`).sort()).toEqual([
      'passerelle.yaml:2:11 error Valeur inconnue : « R67 ». Vouliez-vous dire « R66 » ?',
      'passerelle.yaml:2:28 error Valeur inconnue : « 3 ». Valeurs possibles : 2.1, 2.2.',
    ]);
  });

  it('takes the database from DATABASE_URL unless the file names one', () => {
    const environment = { DATABASE_URL: 'postgres://from-environment/x' };
    expect(readConfig(minimal, 'c.yaml', environment).config?.databaseUrl).toBe(
      'postgres://from-environment/x',
    );
    const named = `${minimal}database:\n  url: postgres://from-file/x\n`;
    expect(readConfig(named, 'c.yaml', environment).config?.databaseUrl).toBe('postgres://from-file/x');
  });

  it('knows one way for MSSanté messages, and asks for both halves of what goes together', () => {
    const mssante = (text: string): string =>
      `${minimal}mssante: { sender: a@essai.mssante.example, ${text} }\n`;
    const smtp = 'smtp: { host: smtp.example }';
    expect(readConfig(mssante(smtp), 'c.yaml', {}).config?.mssante).toEqual({
      ...{ sender: 'a@essai.mssante.example', mailboxes: [] },
      smtp: { host: 'smtp.example', port: 465, tls: 'implicit' },
    });
    expect(readConfig(mssante('folder: depot'), '/etc/c.yaml', {}).config?.mssante?.folder).toBe(
      '/etc/depot',
    );
    const half = 'smtp: { host: smtp.example, user: u, certFile: gateway.pem }';
    for (const [text, ...says] of [
      ['mailboxes: []', 'l’un des deux'],
      [`folder: depot, ${smtp}`, 'l’un des deux'],
      [half, '« user » et « password »', '« certFile » et « keyFile »'],
      ['smtp: { host: smtp.example, user: u, password: secret }', 'jamais le secret lui-même'],
    ])
      expect(faults(mssante(text!))).toEqual(says.map((said) => expect.stringContaining(said)));
  });

  it('reports three faults at once, each with its line and column', () => {
    const text = [
      'tenant: demo',
      'servers:',
      '  - id: Hopital A',
      '    base: https://hopital.example/fhir',
      '    colour: blue',
      'http:',
      '  port: many',
    ].join('\n');
    expect(faults(text).sort()).toEqual([
      'passerelle.yaml:3:5 error « id » : valeur refusée (pattern).',
      'passerelle.yaml:5:5 error Champ inconnu : « colour ». Champs possibles : id, name, base, auth, ids, homeOf, networks, collect, submissions, notifySecret, patientSystem, caFile, timeouts, maxConnections.',
      'passerelle.yaml:7:3 error « port » : integer attendu.',
    ]);
  });

  it('names the value that is wrong and the word that was probably meant', () => {
    const text = [
      'tenant: demo',
      'server: []',
      'clients:',
      '  - id: a',
      '    roles: [reader, placeur]',
      '    auth: { kind: basic, password: "${env:A}" }',
      'log: loud',
    ].join('\n');
    expect(faults(text, { A: 'x' })).toEqual([
      'passerelle.yaml:2:1 error Champ inconnu : « server ». Vouliez-vous dire « servers » ?',
      'passerelle.yaml:5:21 error Valeur inconnue : « placeur ». Vouliez-vous dire « placer » ?',
      'passerelle.yaml:7:1 error Valeur inconnue : « loud ». Valeurs possibles : silent, error, warn, info.',
    ]);
  });

  it('refuses a secret written into the file and says where secrets come from', () => {
    const text = `${minimal}clients:\n  - id: a\n    roles: [placer]\n    auth: { kind: basic, password: canary }\n`;
    const [only, ...others] = faults(text);
    expect(others).toEqual([]);
    expect(only).toContain('passerelle.yaml:5:26 error « password » : écrivez ${env:NOM}');
    expect(only).not.toContain('canary');
  });

  it('resolves secrets from the environment and says which one is empty', () => {
    const text = `${minimal}clients:\n  - id: a\n    roles: [placer]\n    auth: { kind: basic, password: "\${env:A_SECRET}" }\n`;
    expect(readConfig(text, 'c.yaml', { A_SECRET: 'x' }).config?.clients[0]).toMatchObject({
      tenant: 'demo',
      auth: { kind: 'basic', password: 'x' },
    });
    expect(faults(text)).toEqual([expect.stringContaining('la variable d’environnement A_SECRET est vide')]);
  });

  it('refuses submissions of documents to a server that would get our ids', () => {
    const server = (ids: string, submissions: string): string =>
      `tenant: demo\nservers:\n  - { id: a, base: "https://a.example/fhir", ids: ${ids}, submissions: ${submissions} }\n`;
    for (const submissions of ['true', 'simplified']) {
      expect(faults(server('client', submissions))).toEqual([
        expect.stringContaining('submissions demande « ids: server »'),
      ]);
      expect(faults(server('server', submissions))).toEqual([]);
    }
    expect(faults(server('server', 'other'))).toHaveLength(1);
  });

  it('refuses two servers of one id and a client of a server nobody knows', () => {
    const text = [
      'tenant: demo',
      'servers:',
      '  - { id: a, base: "https://a.example/fhir" }',
      '  - { id: a, base: "https://b.example/fhir" }',
      'clients:',
      '  - { id: c, roles: [placer], server: z, auth: { kind: smart, jwks: "{}" } }',
    ].join('\n');
    expect(faults(text)).toEqual([
      expect.stringContaining('passerelle.yaml:4:7 error « a » est déjà pris'),
      expect.stringContaining('Serveur inconnu : « z »'),
    ]);
  });

  it('answers broken YAML with its place', () => {
    expect(faults('tenant: [demo\n')).toEqual([
      expect.stringMatching(/^passerelle\.yaml:\d+:\d+ error YAML illisible/),
    ]);
  });

  it('fills in what each kind of directory source may leave out, and makes file names absolute', () => {
    const text = [
      'tenant: demo',
      'directory:',
      '  sources:',
      '    - { id: annuaire, kind: annuaire, base: "https://a.example/fhir/v2/", key: "${env:KEY}" }',
      '    - { id: extrait, kind: extract, files: ["depot/PS_LibreAcces_*"] }',
      '    - { id: regional, kind: mcsd, base: "https://r.example/fhir", authority: ["https://f.example|99"] }',
    ].join('\n');
    const { config, issues } = readConfig(text, '/srv/c.yaml', { KEY: 'k' });
    expect(issues).toEqual([]);
    expect(config?.directory).toEqual({
      brake: { share: 0.05, freely: 100 },
      sources: [
        {
          ...{ id: 'annuaire', kind: 'annuaire', base: 'https://a.example/fhir/v2', key: 'k' },
          ...{ perSecond: 17, perMinute: 1000, pageSize: 200, origins: [] },
        },
        { id: 'extrait', kind: 'extract', files: ['/srv/depot/PS_LibreAcces_*'] },
        {
          ...{ id: 'regional', kind: 'mcsd', base: 'https://r.example/fhir', auth: { kind: 'none' } },
          authority: ['https://f.example|99'],
        },
      ],
    });
    expect(readConfig(minimal, 'c.yaml', {}).config?.directory.sources).toEqual([]);
  });

  it('refuses two directory sources of one id and a key written into the file', () => {
    const text = [
      'tenant: demo',
      'directory:',
      '  sources:',
      '    - { id: a, kind: annuaire, base: "https://a.example/fhir", key: canary }',
      '    - { id: a, kind: finess, files: [x] }',
    ].join('\n');
    expect(faults(text)).toEqual([expect.stringContaining('passerelle.yaml:4:64 error « key » : écrivez')]);
    expect(faults(text.replace('canary', '"${env:K}"'), { K: 'k' })).toEqual([
      expect.stringContaining('passerelle.yaml:5:9 error « a » est déjà pris dans directory/sources'),
    ]);
  });

  it('has a schema that is a JSON Schema', () => {
    expect(new Ajv2020().validateSchema(schema)).toBe(true);
  });

  it('cannot be changed once read', () => {
    const { config } = readConfig(minimal, 'c.yaml', {});
    expect(Object.isFrozen(config)).toBe(true);
  });

  it('names the file that is not there', () => {
    expect(() => loadConfig('nowhere/passerelle.yaml', {})).toThrow('nowhere/passerelle.yaml');
  });
});
