/**
 * Rows of a workbook too long to hold, one after the other, as `csv-rows.ts` for CSV: the sheet is read as it is unpacked. What
 * grows with it are the texts that cells share, packed, and nothing of the cells themselves.
 */
import type { Issue } from '../fhir/issue.ts';
import { chooseSheet, missingPart, type SheetChoice, workbookFault } from './choose-sheet.ts';
import { PackedTexts } from './packed-texts.ts';
import { sheetReading } from './sheet-reading.ts';
import { type SheetRow, sheetRows } from './sheet.ts';
import { type Limits, type RawRow, type Row, streamLimits, type TableReader } from './table.ts';
import { tableRows } from './table-rows.ts';
import { readWorkbook, sharedTexts, type Workbook } from './workbook.ts';
import { readXmlPieces } from './xml.ts';
import { type ByteSource, allOf, openZipStream, type ZipStream } from './zip-stream.ts';
import { ZipFault } from './zip.ts';

export type XlsxSource = SheetChoice & { file: string; limits?: Limits };

/** A sheet of a million rows, unpacked. */
const zipLimits = { parts: 2_000, expanded: 2 * 1024 ** 3 };

/** Bytes of all texts that the cells of one workbook share. */
const mostTexts = 128 * 1024 * 1024;

/** XML that comes without one row or text being whole: no list has a row as long. */
const longestPiece = 16 * 1024 * 1024;

/** Calls `begin` with the columns, then yields rows; stops at a file that cannot be read. Faults go to `issues`. */
export async function* xlsxRows(
  bytes: ByteSource,
  { file, sheet: wanted, headerRow: first = 1, limits = streamLimits }: XlsxSource,
  issues: Issue[],
  begin: (reader: TableReader) => boolean,
): AsyncGenerator<Row> {
  try {
    const archive = await openZipStream(bytes, zipLimits);
    const workbook = await workbookIn(archive);
    const { sheet, issues: doubts } = chooseSheet(workbook, file, wanted);
    issues.push(...doubts);
    if (!workbook || !sheet) return;
    const texts = await textsIn(archive, workbook);
    const part = archive.part(sheet.part);
    if (!part) return void issues.push(missingPart(file));
    const merged: string[] = [];
    const reading = sheetReading(file, sheet, first, limits, issues);
    const raw = async function* (): AsyncGenerator<RawRow> {
      let rows: SheetRow[] = [];
      let count = 0;
      const handlers = sheetRows(workbook, texts, merged, (row) => (count += rows.push(row)));
      const complete = (): SheetRow[] => {
        const all = rows;
        rows = [];
        return all;
      };
      for await (const row of readXmlPieces(
        moving(part, () => count),
        handlers,
        complete,
      )) {
        const one = reading.raw(row);
        if (one) yield one;
      }
    };
    yield* tableRows(raw(), { file, limits }, issues, begin);
    const told = reading.end(merged);
    issues.push(...told.faults, ...told.doubts);
  } catch (error) {
    issues.push(workbookFault(error, file));
  }
}

async function workbookIn(archive: ZipStream): Promise<Workbook | undefined> {
  const reading = readWorkbook(archive.names);
  let step = reading.next();
  while (!step.done) {
    const part = archive.part(step.value);
    step = reading.next(part && (await allOf(moving(part, () => 0))));
  }
  return step.value;
}

async function textsIn(archive: ZipStream, { texts: name }: Workbook): Promise<PackedTexts> {
  const texts = new PackedTexts();
  const part = name === undefined ? undefined : archive.part(name);
  if (!part) return texts;
  const handlers = sharedTexts((text) => {
    texts.add(text);
    if (texts.size > mostTexts) throw new ZipFault('too-large');
  });
  for await (const _ of readXmlPieces(
    moving(part, () => texts.count),
    handlers,
    () => [],
  ))
    void _;
  return texts;
}

/** The pieces of a part, as long as something comes of them: `progress` changes. Throws ZipFault. */
async function* moving(
  pieces: AsyncIterable<Uint8Array>,
  progress: () => number,
): AsyncGenerator<Uint8Array> {
  let [before, length] = [0, 0];
  for await (const piece of pieces) {
    length += piece.length;
    if (length > longestPiece) throw new ZipFault('too-large');
    yield piece;
    if (progress() === before) continue;
    before = progress();
    length = 0;
  }
}
