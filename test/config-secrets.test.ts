import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { readConfig } from '../src/config.ts';

const folder = mkdtempSync(join(tmpdir(), 'passerelle-secrets-'));
afterAll(() => rmSync(folder, { recursive: true }));

function withPassword(password: string): string {
  return `tenant: t
networks: []
servers: []
clients:
  - id: a
    roles: [placer]
    auth: { kind: basic, password: "${password}" }
`;
}

describe('a secret of the configuration', () => {
  it('that is set but empty opens no door: it counts as missing', () => {
    const { config, issues } = readConfig(withPassword('${env:A_SECRET}'), 'c.yaml', { A_SECRET: '' });
    expect(config).toBeUndefined();
    expect(issues.map(({ message }) => message)).toEqual([
      '« password » : la variable d’environnement A_SECRET est vide.',
    ]);
  });

  it('in an empty file counts as missing, too', () => {
    writeFileSync(join(folder, 'secret'), '\n');
    const { config, issues } = readConfig(withPassword('${file:secret}'), join(folder, 'c.yaml'), {});
    expect(config).toBeUndefined();
    expect(issues.map(({ message }) => message)).toEqual([
      '« password » : le fichier secret est illisible ou vide.',
    ]);
  });
});
