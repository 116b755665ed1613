/** Rows → bytes of a file, with what is wrong with it. */
import { createDice, draw } from '../population/chance.ts';
import type { FileQuirks, RowFile } from './types.ts';

/** Lines are gathered to about this many characters. */
const chunkSize = 1 << 16;
const finessColumn = 'Numéro FINESS site';
const rppsColumn = 'Identifiant PP';

export type SpoilOptions = {
  quirks: FileQuirks;
  encoding: BufferEncoding;
  seed: number;
  /** Told the number of rows written. */
  told(rows: number): void;
};

/** The same file, seed and quirks give the same bytes. */
export function* fileBytes(file: RowFile, options: SpoilOptions): Generator<Buffer> {
  const { quirks, encoding } = options;
  const dice = createDice(draw(options.seed, 47, file.name.length));
  const end = quirks.crlf ? '\r\n' : '\n';
  const columns = file.header && quirks.moved ? movedColumns(file.header.length) : undefined;
  const line = (fields: readonly string[]): string =>
    `${(columns ? columns.map((at) => fields[at]!) : fields).join(file.separator)}${file.trailing ? file.separator : ''}${end}`;
  const total = quirks.cut === undefined ? Infinity : countRows(file) * quirks.cut;
  const misplace = misplacer(file, quirks.misplaced ?? 0, dice);
  let text = quirks.bom ? '\ufeff' : '';
  for (const before of file.preamble ?? []) text += `${before}${end}`;
  if (file.header) text += line(file.header.map((name) => quirks.renamed?.[name] ?? name));
  let rows = 0;
  for (const given of file.rows()) {
    if (quirks.dropped && dice.fraction() < quirks.dropped) continue;
    const row = line(misplace(given));
    if (rows + 1 > total) {
      yield Buffer.from(text + row.slice(0, Math.ceil(row.length / 2)), encoding);
      options.told(rows);
      return;
    }
    rows += 1;
    const twice = quirks.repeated !== undefined && dice.fraction() < quirks.repeated;
    if (quirks.damaged && dice.fraction() < quirks.damaged) {
      yield Buffer.concat([Buffer.from(text, encoding), Buffer.from(twice ? row + row : row, 'latin1')]);
      text = '';
    } else {
      text += twice ? row + row : row;
    }
    if (twice) rows += 1;
    if (text.length < chunkSize) continue;
    yield Buffer.from(text, encoding);
    text = '';
  }
  yield Buffer.from(text, encoding);
  options.told(rows);
}

/** The halves change places. */
function movedColumns(count: number): number[] {
  const order = Array.from({ length: count }, (_, column) => column);
  return [...order.slice(count >> 1), ...order.slice(0, count >> 1)];
}

function countRows(file: RowFile): number {
  let count = 0;
  for (const _ of file.rows()) count += 1;
  return count;
}

/** Puts the RPPS into the FINESS column of a share of rows. */
function misplacer(file: RowFile, share: number, dice: { fraction(): number }) {
  const from = file.header?.indexOf(rppsColumn) ?? -1;
  const to = file.header?.indexOf(finessColumn) ?? -1;
  return (row: readonly string[]): readonly string[] => {
    if (share === 0 || from < 0 || to < 0 || dice.fraction() >= share) return row;
    return row.map((value, column) => (column === to ? row[from]! : value));
  };
}
