/**
 * Reads the etalab layout: a line of its own kind (`structureet`) for each establishment, and further on one
 * (`geolocalisation`) with its coordinates. The coordinates are gathered first, some 40 bytes each; then an establishment
 * whose two lines are known costs their hash.
 */
import { createHash } from 'node:crypto';
import tables from '../../../mappings/directory/finess.json' with { type: 'json' };
import { isFiness } from '../extract/activity-line.ts';
import { createWinners, type Winners } from '../extract/winners.ts';
import { createCells } from '../files/cells.ts';
import { findColumns, plainHeader } from '../files/columns.ts';
import { createDecoder } from '../files/decoder.ts';
import { type Digest, digestOf } from '../files/digest.ts';
import { fileFault } from '../files/fault.ts';
import { eachLine } from '../files/whole-lines.ts';
import type { ReadRecord, SourcePage } from '../types.ts';
import { columnsInOrder, type EtalabColumns, structureOfLine } from './etalab-line.ts';
import { fromProjection } from './position.ts';
import { createPositions, type Positions } from './positions.ts';
import { createPager, type FinessRun, type FinessTotals } from './run.ts';
import { finessRecord } from './structure.ts';

const siteLine = 'structureet';
const positionLine = 'geolocalisation';

/** Pages of establishments; how many there were, and where the file was cut. */
export async function* readEtalab(run: FinessRun): AsyncGenerator<SourcePage, FinessTotals> {
  const { lines, positions, sites } = await gather(run);
  const pager = createPager(run);
  const decoder = createDecoder();
  const cells = createCells(';');
  const totals: FinessTotals = { read: 0, lines, cutAt: undefined, nameless: 0 };
  let columns: EtalabColumns = columnsInOrder;
  let width = 0;

  for await (const block of run.blocks()) {
    run.ask.signal.throwIfAborted();
    eachLine(block, (start, end, line) => {
      const bytes = block.bytes.subarray(start, end);
      const text = decoder.decode(block.bytes, start, end, () => run.issues.add('brake:encoding', { line }));
      const count = cells.lay(text);
      const kind = cells.at(0);
      if (line === 1 && kind === 'finess') {
        if (plainHeader(cells.at(1)) === 'nofinesset') columns = named(run, text);
        return;
      }
      if (block.cut && Math.abs(count - width) > 1) return void (totals.cutAt = line);
      if (kind === positionLine) return;
      if (kind !== siteLine) return refuse('line:kind', line);
      width ||= count;
      if (Math.abs(count - width) > 1) return refuse('line:cells', line);
      const site = digestOf(cells.at(1));
      const place = sites.find(site);
      if (place >= 0 && sites.line(place) !== line) {
        run.issues.add('line:twice', { line });
        return;
      }
      const record = recordOf(line, bytes, site);
      if (!record) return refuse(undefined, line);
      totals.read += 1;
      if (record !== 'known') pager.add(record, line);
      else pager.count(line);
    });
    for (const page of pager.full()) {
      yield page;
      run.ask.signal.throwIfAborted();
    }
  }
  const last = pager.last();
  if (last) yield last;
  run.ask.signal.throwIfAborted();
  return totals;

  /** A line that cannot be read and names its establishment, in the first cell after the kind, says that this one is there. */
  function refuse(rule: string | undefined, line: number): void {
    if (rule) run.issues.add(rule, { line });
    const number = cells.at(1);
    if (isFiness(number)) pager.unread(number, line);
    else if (rule !== 'line:kind') totals.nameless += 1;
  }

  /** Same lines, same hash: those of the establishment and its coordinates. */
  function recordOf(line: number, bytes: Buffer, site: Digest): ReadRecord | 'known' | undefined {
    const place = positions.find(site);
    const at = place < 0 ? undefined : positions.at(place);
    const whole = createHash('sha256')
      .update(bytes)
      .update(at ? `\n${at.x};${at.y}` : '\n');
    const recordHash = whole.digest().subarray(0, 16);
    if (run.ask.known.has(recordHash)) return 'known';
    const structure = structureOfLine(cells, columns, run.issues, { line, asOf: run.asOf });
    if (!structure) return undefined;
    const position = at && structure.commune ? fromProjection(structure.commune, at.x, at.y) : undefined;
    if (at && !position) run.issues.add('position:far', { line });
    return finessRecord(structure, position, 'active', recordHash);
  }
}

/** Columns of a file that names them. */
function named(run: FinessRun, header: string): EtalabColumns {
  const found = findColumns(
    { columns: tables.columns, required: tables.required, sometimes: [] },
    header.split(';'),
  );
  if (!found.missing.length) return found.at;
  const list = found.missing.map((one) => `« ${one} »`).join(', ');
  throw fileFault(
    'invalid',
    { file: run.name, line: 1 },
    `colonnes introuvables : ${list}. Rien n'en est repris.`,
  );
}

type Gathered = { lines: number; positions: Positions; sites: Winners };

/** Coordinates by site, and which of several lines of one site is kept. */
async function gather(run: FinessRun): Promise<Gathered> {
  const positions = createPositions();
  const sites = createWinners();
  const decoder = createDecoder();
  const cells = createCells(';');
  let lines = 0;
  for await (const block of run.blocks()) {
    run.ask.signal.throwIfAborted();
    lines += block.lines;
    eachLine(block, (start, end, line) => {
      const text = decoder.decode(block.bytes, start, end, () => undefined);
      cells.lay(text);
      if (cells.at(0) === siteLine) sites.offer(digestOf(cells.at(1)), digestOf(text), line);
      if (cells.at(0) !== positionLine) return;
      const [x, y] = [numberOf(cells.at(2)), numberOf(cells.at(3))];
      if (x !== undefined && y !== undefined) positions.add(digestOf(cells.at(1)), x, y);
    });
  }
  return { lines, positions, sites };
}

function numberOf(text: string): number | undefined {
  const value = Number(text.replace(',', '.'));
  return text && Number.isFinite(value) ? value : undefined;
}
