/** Bytes of a text file as text. Pure: the caller reads the file. */
import { isUtf8 } from 'node:buffer';

/** Either the text, or the offset, line and column (1-based, in characters) of the first byte that is not UTF-8. */
export type Decoded = { text: string } | { invalidAt: { offset: number; line: number; column: number } };

/** UTF-8 only; a byte order mark is dropped. */
export function decodeUtf8(bytes: Uint8Array): Decoded {
  const text = new TextDecoder('utf-8').decode(bytes);
  if (isUtf8(bytes)) return { text };
  const mark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  let offset = mark;
  let scanned = 0;
  for (;;) {
    const next = text.indexOf('\uFFFD', scanned);
    offset += Buffer.byteLength(text.slice(scanned, next));
    if (!isReplacementCharacter(bytes, offset)) return { invalidAt: { offset, ...placeOf(text, next) } };
    offset += 3;
    scanned = next + 1;
  }
}

/** U+FFFD written by the author, not put there by decoding. */
function isReplacementCharacter(bytes: Uint8Array, offset: number): boolean {
  return bytes[offset] === 0xef && bytes[offset + 1] === 0xbf && bytes[offset + 2] === 0xbd;
}

function placeOf(text: string, index: number): { line: number; column: number } {
  const before = text.slice(0, index);
  const line = before.split('\n').length;
  return { line, column: index - before.lastIndexOf('\n') };
}
