/**
 * In which encoding a spreadsheet wrote a text: UTF-8 with or without mark, UTF-16 with its mark (“Texte Unicode”), else
 * Windows-1252. Two encodings in one file (lines pasted from elsewhere) are told apart line by line and refused: whatever
 * reading was chosen, some names would be wrong. Bytes may come in pieces.
 */

export type Encoding = 'utf-8' | 'windows-1252' | 'utf-16le' | 'utf-16be';

/** The encoding, or the lines (1-based) that contradict each other, or the line of a byte no text has. */
export type Detected =
  { encoding: Encoding } | { utf8Line: number; otherLine: number } | { noTextLine: number };

export type EncodingDetector = { add(bytes: Uint8Array): void; end(): Detected };

export function encodingDetector(): EncodingDetector {
  let marked: Encoding | undefined;
  let started = false;
  let line = 1;
  let utf8Line = 0;
  let otherLine = 0;
  let noTextLine = 0;
  let unassigned = 0;
  /** Bytes of a sequence that is not complete yet, and how many are still to come. */
  let point = 0;
  let missing = 0;
  let length = 0;

  const other = (): void => void (otherLine ||= line);
  const step = (byte: number): void => {
    if (missing > 0) {
      if ((byte & 0xc0) === 0x80) {
        point = (point << 6) | (byte & 0x3f);
        missing -= 1;
        if (missing === 0 && !isScalar(point, length)) other();
        else if (missing === 0 && isWritten(point)) utf8Line ||= line;
        return;
      }
      missing = 0;
      other();
    }
    length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
    if (byte === 0x0a) line += 1;
    else if (byte === 0) noTextLine ||= line;
    else if (byte >= 0xc2 && byte <= 0xdf) [point, missing] = [byte & 0x1f, 1];
    else if (byte >= 0xe0 && byte <= 0xef) [point, missing] = [byte & 0x0f, 2];
    else if (byte >= 0xf0 && byte <= 0xf4) [point, missing] = [byte & 0x07, 3];
    else if (byte >= 0x80) {
      other();
      if (undefinedBytes.has(byte)) unassigned ||= line;
    }
  };

  return {
    add: (bytes) => {
      if (!started && bytes.length > 0) {
        started = true;
        marked = markOf(bytes);
      }
      if (marked === 'utf-16le' || marked === 'utf-16be') return;
      for (const byte of bytes) step(byte);
    },
    end: () => {
      if (marked === 'utf-16le' || marked === 'utf-16be') return { encoding: marked };
      if (missing > 0) other();
      if (noTextLine) return { noTextLine };
      if (marked === 'utf-8' && otherLine) return { utf8Line: 1, otherLine };
      if (!otherLine) return { encoding: 'utf-8' };
      if (utf8Line) return { utf8Line, otherLine };
      return unassigned ? { noTextLine: unassigned } : { encoding: 'windows-1252' };
    },
  };
}

/** Bytes that Windows-1252 gives no character. */
const undefinedBytes: ReadonlySet<number> = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d]);

/** Written as short as can be, and no half of a pair. */
function isScalar(point: number, length: number): boolean {
  if (length === 3) return point >= 0x800 && (point < 0xd800 || point > 0xdfff);
  return length === 2 || (point >= 0x10000 && point <= 0x10ffff);
}

/** Accented letters, œ, typographic signs, the euro: what French lists hold, beyond ASCII. */
function isWritten(point: number): boolean {
  return (point >= 0xa0 && point <= 0x17f) || (point >= 0x2010 && point <= 0x203a) || point === 0x20ac;
}

function markOf(bytes: Uint8Array): Encoding | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 'utf-8' : undefined;
}

/** The encoding of a whole text. */
export function detectEncoding(bytes: Uint8Array): Detected {
  const detector = encodingDetector();
  detector.add(bytes);
  return detector.end();
}
