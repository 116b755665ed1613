/** Bytes of lines as text, in the one encoding that a file began with; what contradicts it is told. */
import { isAscii, isUtf8 } from 'node:buffer';

export type Decoder = {
  /**
   * Text of a line: bytes from `start` to `end` of a block, which has other lines before and after. `told` hears of a line in
   * another encoding, or one whose letters were lost before.
   */
  decode(block: Buffer, start: number, end: number, told: () => void): string;
};

const replacement = Buffer.from('\uFFFD');

/**
 * UTF-8 or Latin-1, whichever the first line that is not plain ASCII is in. Two encodings in one file make names wrong
 * whatever is chosen; U+FFFD and NUL are letters that somebody else's reading lost.
 */
export function createDecoder(): Decoder {
  let encoding: 'utf-8' | 'latin-1' | undefined;
  let last: Buffer | undefined;
  let sound = false;
  return {
    decode(block, start, end, told) {
      if (block !== last) {
        last = block;
        sound = isUtf8(block) && !block.includes(0) && !block.includes(replacement);
      }
      if (!sound) return decodeLine(block.subarray(start, end), told);
      const text = block.toString('utf8', start, end);
      if (text.length === end - start) return text; // plain ASCII
      encoding ??= 'utf-8';
      if (encoding !== 'utf-8') told();
      return text;
    },
  };

  function decodeLine(bytes: Buffer, told: () => void): string {
    if (isAscii(bytes)) {
      if (bytes.includes(0)) told();
      return bytes.toString('latin1');
    }
    const utf8 = isUtf8(bytes);
    encoding ??= utf8 ? 'utf-8' : 'latin-1';
    if (utf8 !== (encoding === 'utf-8')) told();
    const text = utf8 ? bytes.toString('utf8') : bytes.toString('latin1');
    if (text.includes('\uFFFD') || text.includes('\0')) told();
    return text;
  }
}
