/** The delivery core, and what reads a directory, under every fault and kill, in virtual time; `npm run test:long` plays ten times as many. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { mutants, writeMutant } from './mutants.ts';

const long = process.env['PASSERELLE_LONG'] === '1';
const count = long ? 10_000 : 1_000;
const limitMs = long ? 3_600_000 : 900_000;

type Counts = { histories: number; crashPoints: number; kills: number; wrong: number };

/** Plays in a process of its own, as `node test/simulation/run.ts` does. */
async function play(...args: string[]): Promise<{ counts: Counts; told: string[] }> {
  const run = promisify(execFile)(process.execPath, ['test/simulation/run.ts', ...args], {
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, NODE_OPTIONS: '', NODE_NO_WARNINGS: '1' },
  });
  const { stdout } = await run.catch((error: { stdout?: string; code?: number }) => {
    if (error.code === 1 && error.stdout) return { stdout: error.stdout };
    throw error as Error;
  });
  const lines = stdout.trim().split('\n');
  return { counts: JSON.parse(lines.pop()!) as Counts, told: lines };
}

describe.each([
  ['delivery', 'loses, doubles, disorders and forgets nothing'],
  ['reading', 'loses and doubles no record'],
])('the %s, simulated', (of, promise) => {
  it(
    `rule 3: ${promise} in ${count} seeded histories`,
    async () => {
      const { counts, told } = await play('--of', of, '--seeds', String(count));
      expect(told).toEqual([]);
      expect(counts).toMatchObject({ histories: count, wrong: 0 });
      expect(counts.kills).toBeGreaterThan(count);
    },
    limitMs,
  );

  it(
    `rule 3: nor when it is killed before or after any call, at ${count} crash points`,
    async () => {
      const { counts, told } = await play('--of', of, '--crashes', String(count));
      expect(told).toEqual([]);
      expect(counts).toMatchObject({ crashPoints: count, wrong: 0 });
    },
    limitMs,
  );

  it(
    'plays the same history again from the same seed',
    async () => {
      const once = await play('--of', of, '--from', '77', '--seeds', '5');
      expect(await play('--of', of, '--from', '77', '--seeds', '5')).toEqual(once);
    },
    limitMs,
  );
});

describe('a core with a mistake in it', () => {
  it.each(mutants.map((mutant) => [mutant.name, mutant] as const))(
    'that %s is caught',
    async (_name, mutant) => {
      const { sources, remove } = await writeMutant(mutant);
      try {
        const args = [
          '--of',
          mutant.of ?? 'delivery',
          '--seeds',
          '1500',
          '--crashes',
          '400',
          '--until-wrong',
          '--sources',
          sources,
        ];
        const { counts } = await play(...args);
        expect(counts.wrong).toBe(1);
      } finally {
        await remove();
      }
    },
    limitMs,
  );
});
