import { describe, expect, it } from '@jest/globals';
import { HapiUnavailable, startHapi } from '../hapi/start.ts';
import { requireProgram } from '../hapi/unavailable.ts';

const startLimitMs = 240_000;

describe('starting a real HAPI', () => {
  it('says in French what to install when a program is missing', async () => {
    const attempt = requireProgram('no-such-java', '-version', 'un JDK 17 ou plus récent');
    await expect(attempt).rejects.toThrow(
      '« no-such-java » est introuvable : installez un JDK 17 ou plus récent.',
    );
    await expect(attempt).rejects.toBeInstanceOf(HapiUnavailable);
  });

  it(
    'tells its last words when it does not start',
    async () => {
      const attempt = startHapi({ args: ['--no-such-switch'] });
      await expect(attempt).rejects.toThrow(/n’a pas démarré[^]*unknown option: --no-such-switch/);
    },
    startLimitMs,
  );

  it(
    'is gone after a kill, without a word',
    async () => {
      const lines: string[] = [];
      const hapi = await startHapi({ log: (line) => lines.push(line) });
      expect((await fetch(`${hapi.base}/metadata`)).status).toBe(200);
      expect(lines.some((line) => line.startsWith('HAPI-READY'))).toBe(true);
      await hapi.kill();
      await expect(fetch(`${hapi.base}/metadata`)).rejects.toThrow();
    },
    startLimitMs,
  );
});
