import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import type { CliContext, Emulating } from '../../src/cli/context.ts';
import { runCommandLine } from '../../src/cli/program.ts';
import { startEmulator } from '../../src/sandbox/annuaire/start.ts';

const folder = mkdtempSync(join(tmpdir(), 'passerelle-emulate-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the command line until `work` is done, then asks it to stop. */
async function emulated(
  args: readonly string[],
  work: (printed: string[]) => Promise<void> = async () => undefined,
): Promise<{ code: number; printed: string[]; errors: string[] }> {
  const printed: string[] = [];
  const errors: string[] = [];
  let stop = (): void => undefined;
  const stopped = new Promise<void>((resolve) => (stop = resolve));
  const context = {
    output: {
      line: (text = '') => void printed.push(text),
      json: (value: unknown) => void printed.push(JSON.stringify(value)),
      ...{ note: () => undefined, progress: () => undefined },
      error: (text: string) => void errors.push(text),
    },
    emulate: (options: Parameters<CliContext['emulate']>[0]) => startEmulator(options, '2026-03-01'),
    stopRequested: () => stopped,
  } as unknown as CliContext;
  const running = runCommandLine(['emulate', 'annuaire', '--port', '0', ...args], context, '0');
  let ended = false;
  void running.finally(() => (ended = true));
  const started = async (): Promise<void> => {
    while (!printed.length && !ended) await new Promise((resolve) => setTimeout(resolve, 10));
    if (printed.length) await work(printed).finally(stop);
  };
  const code = await Promise.race([running, started().then(() => running)]);
  return { code, printed, errors };
}

describe('emulate annuaire', () => {
  it('prints address, key, a call to try and an entry for the configuration; the call works', async () => {
    const { code } = await emulated(['--roles', '200', '--seed', '9'], async (printed) => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      const text = printed.join('\n');
      const [, base] = /Annuaire émulé : (\S+)/.exec(text)!;
      const [, key, url] = /curl -s -H 'ESANTE-API-KEY: ([^']+)' '([^']+)'/.exec(text)!;
      expect([base, key]).toEqual([
        expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/fhir\/v2$/),
        'emulateur-0009',
      ]);
      expect(text).toContain(
        `- { id: annuaire, kind: annuaire, base: '${base}', key: '\${env:ANNUAIRE_KEY}' }`,
      );
      expect(text).toContain('jour 2026-03-01');
      const response = await fetch(url!, { headers: { 'ESANTE-API-KEY': key } });
      expect(((await response.json()) as { total: number }).total).toBeGreaterThan(190);
    });
    expect(code).toBe(0);
  });

  it('tells programs in JSON, holds what the example networks name, and writes the files of the day', async () => {
    const files = join(folder, 'files');
    await emulated(
      ['--json', '--roles', '200', '--start', '2026-01-05', '--files', files],
      async ([told]) => {
        const { base, key, control, date, served, files: written } = JSON.parse(told!) as Emulating['told'];
        expect([date, served['PractitionerRole']! >= 200]).toEqual(['2026-01-05', true]);
        expect(written.length).toBeGreaterThan(3);
        expect(readdirSync(files).length).toBe(written.length);
        const found = await fetch(`${base}/Organization?identifier=990780017`, {
          headers: { 'ESANTE-API-KEY': key },
        });
        expect(((await found.json()) as { total: number }).total).toBe(1);
        expect(
          ((await (await fetch(`${control}/state`)).json()) as { content: { vanish: number } }).content
            .vanish,
        ).toBe(0);
      },
    );
  });

  it('refuses a faulty scenario with every fault, and one that is not there', async () => {
    const file = join(folder, 'faulty.yaml');
    writeFileSync(file, 'sede: 1\nroles: many\n');
    const { code, errors } = await emulated(['--scenario', file]);
    expect([code, errors]).toEqual([
      1,
      [
        `Scénario refusé : 2 faute(s) dans ${file}`,
        expect.stringContaining(`${file}:1:1 faute Champ inconnu : « sede »`),
        expect.stringContaining(`${file}:2:1 faute « roles » : un nombre entier attendu.`),
      ],
    ]);
    expect((await emulated(['--scenario', join(folder, 'absent.yaml')])).errors[0]).toMatch(/introuvable/);
  });

  it('refuses values that cannot be, and a port that is taken', async () => {
    expect((await emulated(['--roles', '0'])).code).toBe(2);
    expect((await emulated(['--start', '2026-02-30'])).code).toBe(2);
    await emulated(['--roles', '10'], async (printed) => {
      const port = /:(\d+)\/fhir/.exec(printed[0]!)![1]!;
      const second = await emulated(['--roles', '10', '--port', port]);
      expect([second.code, second.errors[0]]).toEqual([
        1,
        expect.stringContaining(`le port ${port} est déjà pris`),
      ]);
    });
  });
});
