/** docs/performance.md: every figure beside its goal, its peer and its limit. What falls short stays in the table. */
import type { Result } from './results.ts';

/** Text of the report: a table for each run, the newest first. */
export function reportOf(results: readonly Result[]): string {
  const runs = Map.groupBy(results, ({ machine, quick }) => JSON.stringify([machine, quick ?? false]));
  const newest = [...runs.values()].sort(([a], [b]) => b!.machine.date.localeCompare(a!.machine.date));
  return `# Performance

Written by \`npm run bench -- --write\`, which measures everything again; \`npm run bench -- ID… --write\` renews the scenarios named. Do
not edit. The rows as they were measured: \`bench/results.ndjson\`.

Each figure is the median of the repetitions, with the smallest and the largest. The peer did the same in the same run; ratio
above 1: better than the peer. The limit is what no program on this machine can beat. A figure that falls short of its goal stays.
${newest.map(tableOf).join('')}`;
}

function tableOf(results: readonly Result[]): string {
  const { machine, quick } = results[0]!;
  const { cpu, cores, memoryGiB, kernel, node, passerelle, commit, load, date } = machine;
  const ids = [...new Set(results.map(({ id }) => id))].join(', ');
  return `
## ${ids}${quick ? ', quick' : ''}

${date} UTC · ${cpu}, ${cores} cores, ${memoryGiB} GiB · ${kernel} · Node ${node} · passerelle ${passerelle}, commit ${commit || 'unknown'} · load before the run ${load}

| | Figure | Median | min–max | Runs (warm-up) | Goal | Kept | Limit | Peer | Ratio |
|---|---|---|---|---|---|---|---|---|---|
${results.map(line).join('\n')}
${notes(results)}`;
}

function line(row: Result): string {
  const unit = (value: number | null): string => (value === null ? '–' : `${value} ${row.unit}`);
  const goal = row.goal === null ? '–' : `${row.goalIs === 'at most' ? '≤' : '≥'} ${unit(row.goal)}`;
  const kept = row.ok === null ? '–' : row.ok ? 'yes' : '**no**';
  const cells = [
    row.id,
    row.what,
    row.value === null ? 'not measured' : unit(row.value),
    row.value === null ? '–' : `${row.min}–${row.max}`,
    row.repetitions ? `${row.repetitions} (${row.warmUp})` : '–',
    goal,
    kept,
    row.limitOf ? `${unit(row.limit)}, ${row.limitOf}` : '–',
    row.peer ? `${unit(row.peerValue)}, ${row.peer}` : '–',
    row.ratio ?? '–',
  ];
  return `| ${cells.join(' | ')} |`;
}

function notes(rows: readonly Result[]): string {
  const noted = rows.filter(({ note }) => note);
  return noted.length
    ? `\n${noted.map(({ id, what, note }) => `- ${id}, ${what}: ${note}`).join('\n')}\n`
    : '';
}
