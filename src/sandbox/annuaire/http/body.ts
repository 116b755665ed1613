/** The body of a request, bounded. */
import type { IncomingMessage } from 'node:http';

/** Bytes of a `_search` form or an admin call at most. */
export const bodyLimit = 1024 * 1024;

/** Undefined when the body is larger than the limit; the rest of it is not read. */
export async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > bodyLimit) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}
