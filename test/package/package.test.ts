/** The package as users get it: packed from a copy of the tracked files, installed elsewhere, run there. */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Manifest } from '../../scripts/published-manifest.ts';
import { asOldNode, run, succeed } from './run.ts';

const root = resolve(import.meta.dirname, '../..');
const minutes = 60_000;
const work = mkdtempSync(join(tmpdir(), 'passerelle-package-'));
const copy = join(work, 'checkout');
const home = join(work, 'elsewhere');
const installed = join(home, 'node_modules', 'passerelle');
const command = join(home, 'node_modules', '.bin', 'passerelle');

const packageJson = (folder: string) => readFileSync(join(folder, 'package.json'), 'utf8');

/** The files of the project as they are now; packing must not touch the checkout that the tests run in. */
function copyCheckout(): void {
  for (const file of succeed('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], root)
    .split('\0')
    .filter(Boolean)) {
    if (!existsSync(join(root, file))) continue; // deleted, not yet committed
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    copyFileSync(join(root, file), join(copy, file));
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
}

beforeAll(() => {
  copyCheckout();
  mkdirSync(home);
  writeFileSync(join(home, 'package.json'), '{ "private": true }\n');
  succeed('npm', ['pack', '--pack-destination', home], copy);
  const archive = readdirSync(home).find((name) => name.endsWith('.tgz'));
  const quiet = ['--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts'];
  succeed('npm', ['install', `./${archive}`, ...quiet], home);
}, 4 * minutes);

afterAll(() => rmSync(work, { recursive: true, force: true }));

describe('the installed package', () => {
  const manifest = () => JSON.parse(packageJson(installed)) as Manifest;

  it('asks for Node 24 and brings no Node, no development parts and no scripts', () => {
    const { engines, scripts, devDependencies, optionalDependencies } = manifest();
    expect({ engines, scripts, devDependencies, optionalDependencies }).toEqual({
      engines: { node: '>=24' },
    });
    expect(
      readdirSync(join(home, 'node_modules')).filter((name) => /^node-(bin-)?\w+-\w+$/.test(name)),
    ).toEqual([]);
  });

  it('keeps what the checkout says of itself and its runtime dependencies', () => {
    const { name, version, bin, type, license, dependencies } = JSON.parse(packageJson(root)) as Manifest;
    expect(manifest()).toMatchObject({ name, version, bin, type, license, dependencies });
  });

  it('carries the bundle and its data, and nothing of the workshop', () => {
    expect(readdirSync(installed).sort()).toEqual(
      expect.arrayContaining([
        'CHANGELOG.md',
        'LICENSE',
        'bin',
        'dist',
        'examples',
        'mappings',
        'profiles',
        'schemas',
      ]),
    );
    for (const name of ['src', 'test', 'scripts', 'bench'])
      expect(existsSync(join(installed, name))).toBe(false);
  });

  it('has every file that its manifest names', () => {
    const { files, bin } = manifest() as unknown as { files: string[]; bin: Record<string, string> };
    expect([...files, ...Object.values(bin)].filter((name) => !existsSync(join(installed, name)))).toEqual(
      [],
    );
  });

  it('says its version', () => {
    const { version } = manifest() as unknown as { version: string };
    expect(run(command, ['--version'], home)).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('finds no fault in the networks it ships', () => {
    const networks = join(installed, 'examples', 'networks');
    const files = readdirSync(networks).filter((name) => name.endsWith('.yaml'));
    expect(files.length).toBeGreaterThanOrEqual(7);
    const checked = run(command, ['check', ...files.map((name) => join(networks, name))], home);
    expect([checked.code, checked.stderr]).toEqual([0, '']);
  });

  it('writes starter files that editors complete from the schemas it ships', () => {
    const made = run(command, ['network', 'init', 'cpts', '-o', 'reseau.yaml'], home);
    expect([made.code, made.stderr]).toEqual([0, '']);
    const schema = /\$schema=(.*)$/m.exec(readFileSync(join(home, 'reseau.yaml'), 'utf8'))?.[1] ?? '';
    expect(schema).toBe('node_modules/passerelle/mappings/cpts/schema.json');
    const { properties } = JSON.parse(readFileSync(join(home, schema), 'utf8')) as { properties: object };
    const shared = Object.values(properties).map((one) => (one as { $ref?: string }).$ref?.split('#')[0]);
    expect(shared).toContain('../network.schema.json');
    expect(existsSync(join(home, schema, '../../network.schema.json'))).toBe(true);
    expect(run(command, ['check', 'reseau.yaml'], home).code).toBe(0);
  });

  it('judges a resource by the profiles it ships', () => {
    const fixtures = join(root, 'test', 'fixtures', 'profiles');
    const verdict = (file: string) => run(command, ['validate', join(fixtures, file)], home).code;
    expect(verdict('valid/pas-affiliation.json')).toBe(0);
    expect(verdict('invalid/pas-affiliation-with-network.json')).toBe(1);
  });

  it('emulates the national directory with the examples it ships, and ends when asked', () => {
    const scenario = join(installed, 'examples', 'emulator', 'quiet-month.yaml');
    const path = `${dirname(process.execPath)}${delimiter}${process.env['PATH'] ?? ''}`;
    const asked = ['emulate', 'annuaire', '--scenario', scenario, '--roles', '50', '--port', '0', '--json'];
    const { stdout, stderr, status } = spawnSync(command, asked, {
      ...{ cwd: home, encoding: 'utf8', timeout: 20_000, killSignal: 'SIGINT' },
      env: { ...process.env, PATH: path, NODE_OPTIONS: '' },
    });
    expect([stderr, status]).toEqual(['', 0]);
    expect(JSON.parse(stdout)).toMatchObject({ date: '2026-01-05', key: 'emulateur-20260105' });
  });

  it('says under an older Node what it needs, in French, and exits 2', () => {
    const launcher = join(installed, 'bin', 'passerelle.cjs');
    const { code, stdout, stderr } = run(process.execPath, [...asOldNode(work), launcher, '--version'], home);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/demande Node 24 ou plus récent ; ici Node v20\.9\.0/);
    expect(stderr).not.toContain('npm ci');
  });
});

describe('packing', () => {
  const manifestScript = (what: string) => run(process.execPath, ['scripts/manifest.ts', what], copy);
  const left = () => readdirSync(copy).filter((name) => name.startsWith('.package.'));

  it('leaves the checkout as it was', () => {
    expect(packageJson(copy)).toBe(packageJson(root));
    expect(left()).toEqual([]);
  });

  it('that stopped half-way is healed by the next one', () => {
    expect(manifestScript('publish').code).toBe(0);
    expect(left()).toEqual(['.package.checkout.json']);
    expect(manifestScript('publish').code).toBe(0);
    expect(manifestScript('restore').code).toBe(0);
    expect(packageJson(copy)).toBe(packageJson(root));
    expect(left()).toEqual([]);
  });

  it('touches nothing when the bundle cannot be built', () => {
    const entry = join(copy, 'src', 'main.ts');
    const text = readFileSync(entry);
    writeFileSync(entry, 'import "./absent.ts";\n');
    expect(manifestScript('publish').code).toBe(1);
    writeFileSync(entry, text);
    expect(packageJson(copy)).toBe(packageJson(root));
    expect(left()).toEqual([]);
  });

  it('never overwrites a manifest that was edited after it stopped', () => {
    expect(manifestScript('publish').code).toBe(0);
    writeFileSync(join(copy, 'package.json'), '{}');
    expect(manifestScript('restore')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching('comparez-le'),
    });
    expect(packageJson(copy)).toBe('{}');
    expect(readFileSync(join(copy, '.package.checkout.json'), 'utf8')).toBe(packageJson(root));
  });

  it('refuses to publish a folder, of which the registry would announce the wrong manifest', () => {
    expect(manifestScript('refuse')).toMatchObject({ code: 1, stderr: expect.stringMatching('npm pack') });
  });
});
