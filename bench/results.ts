/** bench/results.ndjson: the last rows of every scenario, each with the machine and the code it was measured on. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Machine } from './machine.ts';
import type { Row } from './row.ts';

/** A row as it is printed. `quick`: fewer repetitions, no slow peer. */
export type Result = Row & { machine: Machine; quick?: true };

/** Rows of the scenarios measured replace the earlier ones of these scenarios; scenarios in their order. */
export function merged(earlier: readonly Result[], measured: readonly Result[]): Result[] {
  const renewed = new Set(measured.map(({ id }) => id));
  return [...earlier.filter(({ id }) => !renewed.has(id)), ...measured].sort((a, b) =>
    a.id.localeCompare(b.id, 'en', { numeric: true }),
  );
}

export function readResults(file: string): Result[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as Result);
}

export function writeResults(file: string, results: readonly Result[]): void {
  writeFileSync(file, results.map((result) => `${JSON.stringify(result)}\n`).join(''));
}
