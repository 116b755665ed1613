/** The runner: chooses scenarios, runs them one after the other, prints a line a figure, renews the report. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import type { Machine } from './machine.ts';
import type { Result } from './results.ts';
import { rowOf } from './row.ts';
import type { Extent, Scenario } from './scenario.ts';

export type BenchParts = {
  /** Folder of scenario files. */
  scenarios: string;
  machine: () => Machine;
  print: (line: string) => void;
  explain: (line: string) => void;
  /** Keeps the rows where people read them. */
  write: (results: readonly Result[]) => void;
};

const usage = 'npm run bench -- [ID...] [--quick | --long] [--write]';

/** Runs the named scenarios, all without names. Exit code: 0 measured, 1 a scenario failed, 2 wrong use. */
export async function bench(args: readonly string[], parts: BenchParts): Promise<number> {
  const { explain, print } = parts;
  const known = readdirSync(parts.scenarios)
    .filter((name) => name.endsWith('.ts'))
    .map((name) => name.slice(0, -3))
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  const asked = read(args);
  const unknown = asked?.ids.filter((id) => !known.includes(id)) ?? [];
  if (!asked || unknown.length) {
    explain(unknown.length ? `unknown: ${unknown.join(' ')}; known: ${known.join(' ')}` : usage);
    return 2;
  }
  const machine = parts.machine();
  const results: Result[] = [];
  let failed = false;
  for (const id of asked.ids.length ? asked.ids : known) {
    try {
      const { scenario } = (await import(pathToFileURL(join(parts.scenarios, `${id}.ts`)).href)) as {
        scenario: Scenario;
      };
      for (const measure of await scenario.run(asked)) {
        const result: Result = { ...rowOf(measure), machine, ...(asked.quick ? { quick: true } : {}) };
        results.push(result);
        print(JSON.stringify(result));
      }
    } catch (error) {
      explain(`${id} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      failed = true;
    }
  }
  if (asked.write && !failed) parts.write(results);
  return failed ? 1 : 0;
}

function read(args: readonly string[]): (Extent & { ids: string[]; write: boolean }) | undefined {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: {
        quick: { type: 'boolean', default: false },
        long: { type: 'boolean', default: false },
        write: { type: 'boolean', default: false },
      },
      allowPositionals: true,
    });
    return values.quick && values.long ? undefined : { ids: positionals, ...values };
  } catch {
    return undefined;
  }
}
