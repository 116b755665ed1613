/** Rows of a CSV file too long to hold, one after the other: bytes come in pieces, rows go out as they are complete. */
import { Readable, pipeline } from 'node:stream';
import { parse } from 'csv-parse';
import type { Issue } from '../fhir/issue.ts';
import { csvOptions, type CsvRecord, layoutOf, parserFault, rawRow } from './csv.ts';
import type { Encoding } from './encoding.ts';
import { type Limits, type RawRow, type Row, streamLimits, type TableReader } from './table.ts';
import { tableRows } from './table-rows.ts';

export type CsvSource = { file: string; encoding: Encoding; headerRow?: number; limits?: Limits };

/** The first characters of a text, from which its layout is known. */
const layoutLength = 8192;

/**
 * Calls `begin` with the columns, then yields rows; stops at a file that cannot be read. Faults go to `issues`. The
 * encoding is known before (`encodingDetector`).
 */
export async function* csvRows(
  bytes: AsyncIterable<Uint8Array>,
  { file, encoding, headerRow, limits = streamLimits }: CsvSource,
  issues: Issue[],
  begin: (reader: TableReader) => boolean,
): AsyncGenerator<Row> {
  const texts = decoded(bytes, encoding)[Symbol.asyncIterator]();
  let start = '';
  while (start.length < layoutLength) {
    const next = await texts.next();
    if (next.done) break;
    start += next.value;
  }
  const { separator, from } = layoutOf(start, headerRow);
  const parser = parse(csvOptions(separator, from));
  pipeline(Readable.from(joined(start, texts)), parser, () => undefined); // a failure reaches the loop below
  try {
    yield* tableRows(rawRows(parser as AsyncIterable<CsvRecord>, file), { file, limits }, issues, begin);
  } catch (error) {
    issues.push(parserFault(error, file));
  }
}

async function* rawRows(records: AsyncIterable<CsvRecord>, file: string): AsyncGenerator<RawRow> {
  for await (const record of records) yield rawRow(record, file);
}

async function* decoded(bytes: AsyncIterable<Uint8Array>, encoding: Encoding): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding);
  for await (const piece of bytes) yield decoder.decode(piece, { stream: true });
  yield decoder.decode();
}

async function* joined(start: string, texts: AsyncIterator<string>): AsyncGenerator<string> {
  if (start !== '') yield start;
  for (let next = await texts.next(); !next.done; next = await texts.next()) if (next.value) yield next.value;
}
