/** LIST: memory of a process that maps a network, by the length of its list: CSV and workbook, as `map NETWORK -o FILE.ndjson` does. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeListNetwork } from '../lists/network.ts';
import type { Measure } from '../row.ts';
import type { Scenario } from '../scenario.ts';

/**
 * What a list of 100,000 rows may take beside one of 20,000. Below that a process still warms up (code compiled for what
 * is hot, the heap it is allowed): the shortest is printed to show it.
 */
const most = 1.2;

/** What is garbage is collected before it counts: a heap without limit would show how lazily that is done. */
const smallHeap = ['--max-semi-space-size=4', '--max-old-space-size=64'];

export const scenario: Scenario = {
  async run({ quick }) {
    const lengths = quick ? [2_000, 5_000] : [2_000, 20_000, 100_000];
    const measures: Measure[] = [];
    for (const kind of ['csv', 'xlsx'] as const) {
      const peaks = lengths.map((rows) => peakOf(kind, rows));
      peaks.forEach((values, index) =>
        measures.push({
          ...{
            id: 'LIST',
            what: `peak memory, ${lengths[index]} rows of ${kind}`,
            unit: 'MiB',
            values,
            warmUp: 0,
          },
        }),
      );
      measures.push({
        ...{
          id: 'LIST',
          what: `${lengths.at(-1)} rows beside ${lengths.at(-2)}, ${kind}`,
          unit: '×',
          warmUp: 0,
        },
        values: [peaks.at(-1)![0]! / peaks.at(-2)![0]!],
        goal: { atMost: most },
        note: 'a process each with a heap of 64 MiB, what the system lent it at most',
      });
    }
    return measures;
  },
};

function peakOf(kind: 'csv' | 'xlsx', rows: number): number[] {
  const folder = mkdtempSync(join(tmpdir(), 'passerelle-lists-'));
  try {
    const file = writeListNetwork(folder, kind, rows);
    const program = join(import.meta.dirname, '../lists/process.ts');
    return [Number(execFileSync(process.execPath, [...smallHeap, program, file], { encoding: 'utf8' }))];
  } finally {
    rmSync(folder, { recursive: true });
  }
}
