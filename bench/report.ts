/** docs/performance.md: every figure beside its goal, its peer and its limit. What falls short stays in the table. */
import type { Machine } from './machine.ts';
import type { Row } from './row.ts';

/** Text of the report. */
export function reportOf(rows: readonly Row[], machine: Machine, quick: boolean): string {
  const { cpu, cores, memoryGiB, kernel, node, passerelle, commit, load, date } = machine;
  return `# Performance

Written by \`npm run bench -- ${[...new Set(rows.map(({ id }) => id))].join(' ')}${quick ? ' --quick' : ''} --write\`, which measures again: do not edit.

${date} UTC · ${cpu}, ${cores} cores, ${memoryGiB} GiB · ${kernel} · Node ${node} · passerelle ${passerelle}, commit ${commit || 'unknown'} · load before the run ${load}

Each figure is the median of the repetitions, with the smallest and the largest. The peer did the same in the same run; ratio
above 1: better than the peer. The limit is what no program on this machine can beat. A figure that falls short of its goal stays.

| | Figure | Median | min–max | Runs (warm-up) | Goal | Kept | Limit | Peer | Ratio |
|---|---|---|---|---|---|---|---|---|---|
${rows.map(line).join('\n')}
${notes(rows)}`;
}

function line(row: Row): string {
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

function notes(rows: readonly Row[]): string {
  const noted = rows.filter(({ note }) => note);
  return noted.length
    ? `\n${noted.map(({ id, what, note }) => `- ${id}, ${what}: ${note}`).join('\n')}\n`
    : '';
}
