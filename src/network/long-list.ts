/** A list of any length in a spreadsheet file, CSV or XLSX: its rows one after the other, as often as they are asked for. */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Issue } from '../fhir/issue.ts';
import type { SheetChoice } from '../tabular/choose-sheet.ts';
import { csvRows } from '../tabular/csv-rows.ts';
import { encodingDetector } from '../tabular/encoding.ts';
import type { Row, TableReader } from '../tabular/table.ts';
import { xlsxRows } from '../tabular/xlsx-rows.ts';

export type LongList = {
  rows: (
    choice: SheetChoice,
    issues: Issue[],
    begin: (reader: TableReader) => boolean,
  ) => AsyncGenerator<Row>;
};

/** Undefined for what is read as a whole to have its faults told: no file, another kind of file, two encodings in one. */
export async function openLongList(path: string, file: string): Promise<LongList | undefined> {
  const beginning = await beginningOf(path);
  if (!beginning) return undefined;
  const { size, start } = beginning;
  const begins = (...bytes: readonly number[]): boolean => bytes.every((byte, at) => start[at] === byte);
  if (begins(0xd0, 0xcf)) return undefined;
  if (begins(0x50, 0x4b)) {
    const source = { size, bytes: (from: number, to: number) => pieces(path, from, to) };
    return { rows: (choice, issues, begin) => xlsxRows(source, { ...choice, file }, issues, begin) };
  }
  const detector = encodingDetector();
  for await (const piece of pieces(path, 0, size)) detector.add(piece);
  const detected = detector.end();
  if (!('encoding' in detected)) return undefined;
  const { encoding } = detected;
  return {
    rows: ({ headerRow }, issues, begin) =>
      csvRows(
        pieces(path, 0, size),
        { file, encoding, ...(headerRow === undefined ? {} : { headerRow }) },
        issues,
        begin,
      ),
  };
}

async function beginningOf(path: string): Promise<{ size: number; start: Uint8Array } | undefined> {
  const handle = await open(path, 'r');
  try {
    const status = await handle.stat();
    if (!status.isFile()) return undefined;
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, 0);
    return { size: status.size, start: buffer.subarray(0, bytesRead) };
  } finally {
    await handle.close();
  }
}

async function* pieces(path: string, from: number, to: number): AsyncGenerator<Uint8Array> {
  if (to > from) yield* createReadStream(path, { start: from, end: to - 1 }) as AsyncIterable<Uint8Array>;
}
