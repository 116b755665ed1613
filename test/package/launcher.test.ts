/** bin/passerelle.cjs in checkouts of every state, with a program that stands for the gateway. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Linter } from 'eslint';
import { asOldNode, linkBundledNode, run } from './run.ts';

const bin = join(import.meta.dirname, '../../bin');

/** Says who runs it, waits for a signal when told to, ends with the code it is given. */
const program = `
const [what, code] = process.argv.slice(2);
const end = () => process.exit(Number(code));
if (what === 'wait') { setInterval(() => {}, 1000); process.on('SIGTERM', end); process.on('SIGINT', end); }
console.log(process.version, what);
if (what === 'die') process.kill(process.pid, 'SIGKILL');
if (what === 'hello') end();
`;

describe('the launcher', () => {
  let root: string;
  let launcher: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'passerelle-launcher-'));
    launcher = join(root, 'bin', 'passerelle.cjs');
    for (const folder of ['bin', 'src', 'node_modules']) mkdirSync(join(root, folder));
    for (const file of ['passerelle.cjs', 'import.cjs'])
      copyFileSync(join(bin, file), join(root, 'bin', file));
    writeFileSync(join(root, 'src', 'main.ts'), program);
  });

  afterEach(() => rmSync(root, { recursive: true }));

  const launch = (before: readonly string[], ...args: string[]) =>
    run(process.execPath, [...before, launcher, ...args], root);

  it('is ES5, so that any Node can parse it', () => {
    const text = readFileSync(join(bin, 'passerelle.cjs'), 'utf8');
    const es5: Linter.Config = { languageOptions: { ecmaVersion: 5, sourceType: 'script' } };
    expect(new Linter().verify(text, es5)).toEqual([]);
  });

  it('runs the program itself under a Node that is new enough', () => {
    expect(launch([], 'hello', '3')).toEqual({ code: 3, stdout: `${process.version} hello\n`, stderr: '' });
  });

  it('hands over to the Node of the checkout under an older one, arguments and exit code included', () => {
    linkBundledNode(root);
    expect(launch(asOldNode(root), 'hello', '3')).toMatchObject({
      code: 3,
      stdout: `${process.version} hello\n`,
    });
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('passes %s on and ends as the program ends', async (signal) => {
    linkBundledNode(root);
    const child = spawn(process.execPath, [...asOldNode(root), launcher, 'wait', '5']);
    await once(child.stdout, 'data');
    child.kill(signal);
    expect(await once(child, 'exit')).toEqual([5, null]);
  });

  it('ends with 128 and the signal when the program was killed', () => {
    linkBundledNode(root);
    expect(launch(asOldNode(root), 'die').code).toBe(128 + 9);
  });

  it('says in French what a checkout without its own Node needs', () => {
    const { code, stdout, stderr } = launch(asOldNode(root), 'hello');
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('demande Node 24 ou plus récent ; ici Node v20.9.0');
    expect(stderr).toContain('npm ci');
  });

  it('says that dependencies are missing before the program stumbles over it', () => {
    rmSync(join(root, 'node_modules'), { recursive: true });
    expect(launch([], 'hello')).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching('npm ci'),
    });
  });

  it('says that there is nothing to run without sources and bundle', () => {
    rmSync(join(root, 'src'), { recursive: true });
    expect(launch([])).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching('npm run build') });
  });
});
