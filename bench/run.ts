/**
 * Measures the scenarios of `bench/scenarios/`, one JSON object a line.
 *   npm run bench -- P14 P15    the named ones; all without names
 *   --quick                     within a minute: fewer repetitions, no slow peer
 *   --write                     renews docs/performance.md
 * Exit: 0 measured (`ok` says which goals are kept), 1 a scenario failed, 2 wrong use.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bench } from './bench.ts';
import { thisMachine } from './machine.ts';
import { reportOf } from './report.ts';

const args = process.argv.slice(2);
process.exitCode = await bench(args, {
  scenarios: join(import.meta.dirname, 'scenarios'),
  machine: thisMachine,
  print: (line) => console.log(line),
  explain: (line) => console.error(line),
  write: (rows, machine) => {
    const file = join(import.meta.dirname, '../docs/performance.md');
    writeFileSync(file, reportOf(rows, machine, args.includes('--quick')));
  },
});
