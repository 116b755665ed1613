/** Objects of one array of a large JSON text, one after the other: the text is never whole in memory. */
import { fileFault } from './fault.ts';

/** One object, and how many came before it. */
export type JsonObjectText = { text: string; rank: number };

export type JsonObjectsEnd = { found: boolean; whole: boolean };

/** Largest object that is read. */
const largest = 16 * 1024 * 1024;

/**
 * Objects of the array that stands under `name` at the top of the text, in batches. Ends with whether the array was there and
 * whether the text ended where JSON does.
 * @throws GatewayError (too-large) at an object beyond 16 MiB
 */
export async function* jsonObjects(
  file: string,
  chunks: AsyncIterable<Buffer>,
  name: string,
): AsyncGenerator<JsonObjectText[], JsonObjectsEnd> {
  const wanted = Buffer.from(`"${name}"`);
  let depth = 0;
  let inText = false;
  let escaped = false;
  let textStart = -1;
  let lastText: Buffer = Buffer.alloc(0);
  let inside = false;
  let found = false;
  let begun = false;
  let rank = 0;
  let parts: Buffer[] = [];
  let kept = 0;
  for await (const chunk of chunks) {
    const batch: JsonObjectText[] = [];
    let start = parts.length ? 0 : -1;
    if (textStart >= 0) textStart = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at]!;
      if (inText) {
        if (escaped) escaped = false;
        else if (byte === 0x5c) escaped = true;
        else if (byte === 0x22) {
          inText = false;
          if (depth === 1) lastText = chunk.subarray(textStart, at + 1);
          textStart = -1;
        }
      } else if (byte === 0x22) {
        inText = true;
        textStart = at;
      } else if (byte === 0x7b || byte === 0x5b) {
        if (byte === 0x5b && depth === 1 && lastText.equals(wanted)) inside = found = true;
        if (inside && depth === 2 && byte === 0x7b) start = at;
        depth += 1;
        begun = true;
      } else if (byte === 0x7d || byte === 0x5d) {
        depth -= 1;
        if (inside && depth === 2 && byte === 0x7d) {
          parts.push(chunk.subarray(start, at + 1));
          batch.push({ text: Buffer.concat(parts).toString('utf8'), rank });
          rank += 1;
          parts = [];
          kept = 0;
          start = -1;
        } else if (depth === 1) inside = false;
      }
    }
    if (start >= 0) {
      parts.push(chunk.subarray(start));
      kept += chunk.length - start;
      if (kept > largest) {
        const message = `objet n° ${rank + 1} de plus de ${largest / 1024 ** 2} Mio : le fichier est endommagé.`;
        throw fileFault('too-large', { file }, message);
      }
    }
    if (batch.length) yield batch;
  }
  return { found, whole: begun && depth === 0 && !inText };
}
