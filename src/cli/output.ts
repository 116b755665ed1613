/** Standard output for answers, standard error for progress and faults. */
import { formatPosition, type Issue, type Severity } from '../fhir/issue.ts';
import type { Output } from './context.ts';

/** Output to the given streams; progress is written only when standard error is a terminal. */
export function streamOutput(
  stdout: NodeJS.WritableStream,
  stderr: NodeJS.WritableStream & { isTTY?: boolean },
): Output {
  for (const stream of [stdout, stderr]) stream.on('error', tolerateClosed);
  return {
    line: (text = '') => void stdout.write(`${text}\n`),
    json: (value) => void stdout.write(`${JSON.stringify(value)}\n`),
    note: (text) => void stderr.write(`${text}\n`),
    progress: (text) => void (stderr.isTTY && stderr.write(`${text}\n`)),
    error: (text) => void stderr.write(`${text}\n`),
  };
}

/** A reader that has seen enough (`| head`) is no fault: what comes after is written for nobody. */
function tolerateClosed(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED') throw error;
}

const severities: Readonly<Record<Severity, string>> = {
  fatal: 'faute',
  error: 'faute',
  warning: 'avertissement',
  information: 'note',
};

/** `file:line:column faute message`: the place first, so that editors and terminals can open it. */
export function issueLine({ source, expression, severity, message }: Issue): string {
  const place = source ? formatPosition(source) : expression;
  return [place, severities[severity], message].filter(Boolean).join(' ');
}

/** Rows as columns of equal width, the last one free. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows)
    row.forEach((cell, index) => (widths[index] = Math.max(widths[index] ?? 0, cell.length)));
  return rows.map((row) =>
    row.map((cell, index) => (index === row.length - 1 ? cell : cell.padEnd(widths[index]!))).join('  '),
  );
}

/** `1 réseau`, `3 réseaux`: the plural in -s. */
export function count(n: number, noun: string): string {
  return `${n} ${n > 1 ? noun.replace(/(\p{L}+)/u, '$1s') : noun}`;
}
