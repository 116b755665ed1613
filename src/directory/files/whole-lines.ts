/** A stream of bytes as blocks of whole lines: what is hashed and split is a line, where chunks end is an accident. */
import { fileFault } from './fault.ts';

/** Lines of a file in one piece of bytes, each ended by `\n` but the last one of a `cut` block. */
export type Block = {
  bytes: Buffer;
  /** Number of its first line, from 1. */
  firstLine: number;
  lines: number;
  /** The file ends here, in the middle of a line. */
  cut: boolean;
};

const lineEnd = 0x0a;

/** Longest line that is read, in bytes: forty times the longest of the national files. */
export const longestLine = 64 * 1024;

/**
 * Blocks of about the size of the chunks. A byte order mark is dropped.
 * @throws GatewayError (too-large) at a line that is longer than `longestLine`
 */
export async function* wholeLines(file: string, chunks: AsyncIterable<Buffer>): AsyncGenerator<Block> {
  let kept: Buffer = Buffer.alloc(0);
  let firstLine = 1;
  let begun = false;
  for await (const chunk of chunks) {
    let bytes = chunk;
    if (!begun) {
      bytes = Buffer.concat([kept, chunk]);
      kept = bytes;
      if (bytes.length < 3) continue;
      begun = true;
      kept = Buffer.alloc(0);
      if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) bytes = bytes.subarray(3);
    } else if (kept.length) {
      // The line across two chunks is a block of its own: all others stay where they were read.
      const first = bytes.indexOf(lineEnd) + 1;
      const line = Buffer.concat([kept, first ? bytes.subarray(0, first) : bytes]);
      if (line.length > longestLine + 1) throw tooLong(file, firstLine);
      kept = line;
      if (!first) continue;
      yield { bytes: line, firstLine, lines: 1, cut: false };
      firstLine += 1;
      bytes = bytes.subarray(first);
    }
    const end = bytes.lastIndexOf(lineEnd) + 1;
    kept = bytes.subarray(end);
    const lines = end ? countLines(file, bytes.subarray(0, end), firstLine) : 0;
    if (kept.length > longestLine) throw tooLong(file, firstLine + lines);
    if (end) yield { bytes: bytes.subarray(0, end), firstLine, lines, cut: false };
    firstLine += lines;
  }
  if (kept.length) yield { bytes: kept, firstLine, lines: 1, cut: true };
}

function countLines(file: string, bytes: Buffer, firstLine: number): number {
  let lines = 0;
  for (let at = 0; at < bytes.length; lines += 1) {
    const end = bytes.indexOf(lineEnd, at);
    if (end - at > longestLine) throw tooLong(file, firstLine + lines);
    at = end + 1;
  }
  return lines;
}

function tooLong(file: string, line: number): Error {
  const limit = `${longestLine / 1024} Kio`;
  return fileFault(
    'too-large',
    { file, line },
    `ligne de plus de ${limit} : le fichier est endommagé ou n'est pas celui attendu ; rien n'en est repris.`,
  );
}

/** Calls back for each line of a block that is not empty, without its end (`\n` or `\r\n`). */
export function eachLine(
  { bytes, firstLine }: Block,
  visit: (start: number, end: number, line: number) => void,
): void {
  let line = firstLine;
  for (let at = 0; at < bytes.length; line += 1) {
    const found = bytes.indexOf(lineEnd, at);
    const next = found < 0 ? bytes.length : found;
    const end = next > at && bytes[next - 1] === 0x0d ? next - 1 : next;
    if (end > at) visit(at, end, line);
    at = next + 1;
  }
}
