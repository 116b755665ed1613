/**
 * Plays whole stories while the ways to both hospitals fail, and gateway and database are killed; counts what is lost, doubled, out
 * of order, wrong or stuck once faults have stopped.
 *   node test/reliability/faults.ts [--runs 20] [--seed N] [--hapi] [--ids client|server]
 *     [--story NAME]... [--for SECONDS] [--json]
 * Each run prints what its seed decided. Exit 1 when anything is not as promised.
 */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { HapiUnavailable } from '../hapi/unavailable.ts';
import { playFaultRuns } from './faults/fault-runs.ts';
import { isRunKept, runLine, sumOf } from './faults/run-verdict.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '20' },
    seed: { type: 'string' },
    hapi: { type: 'boolean', default: false },
    ids: { type: 'string', default: 'server' },
    story: { type: 'string', multiple: true },
    json: { type: 'boolean', default: false },
    for: { type: 'string' },
  },
});

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));

const seed = values.seed === undefined ? randomInt(1_000_000) : Number(values.seed);
const hospitals = values.hapi ? 'hapi' : 'sandbox';
const say = (value: object, text: string): void => console.log(values.json ? JSON.stringify(value) : text);
say({ seed, hospitals }, `seed ${seed}, ${hospitals}`);
try {
  const verdicts = await playFaultRuns({
    ...{ hospitals, seed, runs: Number(values.runs), ids: values.ids === 'client' ? 'client' : 'server' },
    ...(values.story ? { stories: values.story } : {}),
    ...(values.for ? { forMs: 1_000 * Number(values.for) } : {}),
    tell: (verdict) => say(verdict, `${JSON.stringify(verdict.plan)}\n  ${runLine(verdict)}`),
  });
  say({ total: sumOf(verdicts) }, JSON.stringify(sumOf(verdicts)));
  process.exitCode = verdicts.every(isRunKept) ? 0 : 1;
} catch (error) {
  console.error(error instanceof HapiUnavailable ? error.message : error);
  process.exitCode = 1;
}
