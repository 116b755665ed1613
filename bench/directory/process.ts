/** Synchronisations in a process of their own: `node bench/directory/process.ts DATABASE_URL extract|finess=FILE…`; JSON. */
import { systemClock } from '../../src/clock.ts';
import { createExtractSource } from '../../src/directory/extract/source.ts';
import { createFinessSource } from '../../src/directory/finess/source.ts';
import { summaryOf } from '../../src/directory/run-summary.ts';
import { synchronise } from '../../src/directory/synchronise.ts';
import { createLog } from '../../src/log.ts';
import { openStore } from '../../src/store/store.ts';

/** What one process measured: `touched`: records that the runs changed in any way. */
export type Night = { ms: number; peakMiB: number; touched: number; statuses: string[]; issues: string[] };

if (process.argv[1] === import.meta.filename) {
  const [url, ...files] = process.argv.slice(2) as [string, ...string[]];
  const store = openStore(url);
  await store.ping();
  const now = (): number => Date.parse('2026-12-01T02:00:00Z');
  const parts = {
    ...{ store, clock: systemClock, log: createLog('error'), owner: 'bench', program: 'bench' },
    brake: { share: 0.05, freely: 100 },
  };
  const night: Night = { ms: 0, peakMiB: 0, touched: 0, statuses: [], issues: [] };
  const start = performance.now();
  for (const [rank, file] of files.entries()) {
    const [kind, path] = file.split('=') as [string, string];
    const options = { id: kind, files: [path], now };
    const source = kind === 'extract' ? createExtractSource(options) : createFinessSource(options);
    const ask = { rank, full: true, actor: 'bench', signal: new AbortController().signal };
    const run = await synchronise(parts, source, ask);
    const { counts = {}, issues = [], reason } = summaryOf(run);
    night.statuses.push(reason ?? run.status);
    night.issues.push(...issues.map(({ rule = '' }) => rule));
    for (const one of Object.values(counts))
      night.touched += Object.values(one).reduce((sum, count) => sum + count, 0);
  }
  night.ms = performance.now() - start;
  night.peakMiB = process.resourceUsage().maxRSS / 1024;
  await store.close();
  console.log(JSON.stringify(night));
}
