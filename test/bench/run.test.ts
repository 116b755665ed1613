import { beforeEach, describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { bench } from '../../bench/bench.ts';
import type { Machine } from '../../bench/machine.ts';
import { reportOf } from '../../bench/report.ts';
import { merged, type Result } from '../../bench/results.ts';
import { rowOf } from '../../bench/row.ts';
import { median } from '../../bench/statistics.ts';

const machine: Machine = {
  ...{ cpu: 'a processor', cores: 2, memoryGiB: 8, kernel: 'linux 6', node: 'v24.0.0', passerelle: '0.1.0' },
  ...{ commit: 'abc1234', load: 0.5, date: '2026-11-22 12:00' },
};

let printed: string[];
let explained: string[];
let written: Result[];
beforeEach(() => {
  [printed, explained, written] = [[], [], []];
});

function run(...args: string[]): Promise<number> {
  return bench(args, {
    scenarios: join(import.meta.dirname, 'scenarios'),
    machine: () => machine,
    print: (line) => printed.push(line),
    explain: (line) => explained.push(line),
    write: (rows) => void written.push(...rows),
  });
}

describe('bench', () => {
  it('prints one JSON object a figure, with goal, peer, limit and machine beside it', async () => {
    expect(await run('F1')).toBe(0);
    expect(printed.map((line) => JSON.parse(line) as unknown)).toEqual([
      {
        ...{ id: 'F1', what: 'tiny', value: 20, unit: 'ms', min: 10, max: 40, repetitions: 5, warmUp: 1 },
        ...{ goal: 25, goalIs: 'at most', peer: 'slow', peerValue: 100, ratio: 5 },
        ...{ limit: 5, limitOf: 'physics', ok: true, machine },
      },
      {
        ...{
          id: 'F1',
          what: 'later',
          value: null,
          unit: 'MiB',
          min: null,
          max: null,
          repetitions: 0,
          warmUp: 0,
        },
        ...{ goal: 9, goalIs: 'at least', peer: null, peerValue: null, ratio: null },
        ...{ limit: null, limitOf: null, ok: null, note: 'not measured yet', machine },
      },
    ]);
    expect(written).toEqual([]);
  });

  it('refuses to be quick and long', async () => {
    expect(await run('F1', '--quick', '--long')).toBe(2);
  });

  it('tells scenarios that they shall be quick', async () => {
    expect(await run('F1', '--quick')).toBe(0);
    expect(JSON.parse(printed[0]!)).toMatchObject({ repetitions: 1, value: 10 });
  });

  it('keeps the rows when asked to', async () => {
    await run('F1', '--write');
    expect(written.map(({ what }) => what)).toEqual(['tiny', 'later']);
  });

  it.each([[['P99']], [['F1', 'nonsense']], [['--slow']]])(
    'refuses what it does not know: %j',
    async (args) => {
      expect(await run(...args)).toBe(2);
      expect(printed).toEqual([]);
      expect(explained).toHaveLength(1);
    },
  );

  it('goes on after a scenario that fails, says so, and keeps no report', async () => {
    expect(await run('F2', 'F1', '--write')).toBe(1);
    expect(explained[0]).toContain('F2 failed: Error: broken on purpose');
    expect(printed).toHaveLength(2);
    expect(written).toEqual([]);
  });
});

describe('rows', () => {
  const measure = { id: 'F', what: 'rate', unit: 'ms', warmUp: 0 } as const;

  it('say when a goal is missed', () => {
    expect(rowOf({ ...measure, values: [5], goal: { atLeast: 6 } }).ok).toBe(false);
    expect(rowOf({ ...measure, values: [7], goal: { atMost: 6 } }).ok).toBe(false);
  });

  it('have a ratio above 1 when better than the peer, whichever way is better', () => {
    const peer = { name: 'p', values: [2] };
    expect(rowOf({ ...measure, values: [4], goal: { atLeast: 1 }, peer }).ratio).toBe(2);
    expect(rowOf({ ...measure, values: [4], goal: { atMost: 9 }, peer }).ratio).toBe(0.5);
  });

  it('take the middle of an even and an odd number of figures', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(() => median([])).toThrow(RangeError);
  });
});

describe('report', () => {
  it('keeps rows that fall short and rows not measured', () => {
    const measure = { id: 'F', unit: 'ms', warmUp: 0 } as const;
    const rows = [
      rowOf({ ...measure, what: 'slow', values: [7, 9, 8], goal: { atMost: 6 } }),
      rowOf({ ...measure, what: 'later', values: [], goal: { atMost: 6 }, note: 'another day' }),
    ];
    const text = reportOf(rows.map((row) => ({ ...row, machine })));
    expect(text).toContain('| F | slow | 8 ms | 7–9 | 3 (0) | ≤ 6 ms | **no** | – | – | – |');
    expect(text).toContain('| F | later | not measured | – | – | ≤ 6 ms | – | – | – | – |');
    expect(text).toContain('- F, later: another day');
    expect(text).toContain('a processor, 2 cores');
  });

  it('shows each run with its own machine, the newest first', () => {
    const result = (id: string, date: string, commit: string): Result => ({
      ...rowOf({ id, what: 'rate', unit: 'ms', warmUp: 0, values: [5] }),
      machine: { ...machine, date, commit },
    });
    const earlier = [result('P1', '2026-11-20 10:00', 'aaa'), result('P2', '2026-11-20 10:00', 'aaa')];
    const all = merged(earlier, [result('P2', '2026-11-22 10:00', 'bbb')]);
    expect(all.map(({ id, machine: { commit } }) => [id, commit])).toEqual([
      ['P1', 'aaa'],
      ['P2', 'bbb'],
    ]);
    const text = reportOf(all);
    expect(text.indexOf('## P2')).toBeLessThan(text.indexOf('## P1'));
    expect(text).toContain('commit aaa');
  });
});
