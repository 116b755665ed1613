/**
 * Measures the scenarios of `bench/scenarios/`, one JSON object a line.
 *   npm run bench -- P14 P15    the named ones; all without names
 *   --quick                     within a minute: fewer repetitions, no slow peer
 *   --long                      as long as the goals ask: P11 for ten minutes, P10, P16 and P17 with more repetitions
 *   --write                     renews these scenarios in bench/results.ndjson and docs/performance.md
 *   --from FILE...              measures nothing: takes what earlier runs printed
 * Exit: 0 measured (`ok` says which goals are kept), 1 a scenario failed, 2 wrong use.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bench } from './bench.ts';
import { thisMachine } from './machine.ts';
import { reportOf } from './report.ts';
import { merged, readResults, type Result, writeResults } from './results.ts';

const args = process.argv.slice(2);
const kept = join(import.meta.dirname, 'results.ndjson');
const write = (results: readonly Result[]): void => {
  const all = merged(readResults(kept), results);
  writeResults(kept, all);
  writeFileSync(join(import.meta.dirname, '../docs/performance.md'), reportOf(all));
};
if (args[0] === '--from') write(args.slice(1).flatMap(readResults));
else
  process.exitCode = await bench(args, {
    scenarios: join(import.meta.dirname, 'scenarios'),
    machine: thisMachine,
    print: (line) => console.log(line),
    explain: (line) => console.error(line),
    write,
  });
